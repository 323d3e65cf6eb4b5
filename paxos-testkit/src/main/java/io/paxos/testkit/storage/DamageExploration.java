// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import io.paxos.testkit.disk.CrashChoice;
import io.paxos.testkit.disk.CrashFileSystem;
import io.paxos.testkit.disk.CrashKind;
import io.paxos.testkit.disk.Damage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Plays scripts and then damages one file: any bit flipped, the file cut at any length, or gone. The store may come up with
 * everything that was confirmed, or be refused by an exception that says where and what to do. There is nothing else,
 * but for the one case that a storage may admit: damage to the very last batch, in a store that was not closed, cannot be
 * told from a batch that nobody was told of.
 */
public final class DamageExploration {

    private static final int BATCHES = 10;
    private static final int CUTS = 300;
    private static final int RUN = 32;

    /** A remedy is something that somebody can do. */
    private static final Pattern REMEDY = Pattern.compile(
            "\\b(restore|replace|remove|delete|move|copy|give|open|start|stop|use|free|bring|check|upgrade|run|put|join|begin|name|keep|choose|set|make|repair|mount|wait|close|take|let)\\b",
            Pattern.CASE_INSENSITIVE);

    private final StorageMaker maker;
    private final Tally tally;
    private final Watch watch;
    private final boolean mayLoseLastBatch;

    /**
     * Prepares an exploration.
     *
     * @param maker makes the storage
     * @param tally counts the states
     * @param watch is told what is being tried
     * @param mayLoseLastBatch whether the storage admits that damage may cost the last batch of a store not closed
     */
    public DamageExploration(StorageMaker maker, Tally tally, Watch watch, boolean mayLoseLastBatch) {
        this.maker = maker;
        this.tally = tally;
        this.watch = watch;
        this.mayLoseLastBatch = mayLoseLastBatch;
    }

    /**
     * Tries damages to what one script leaves.
     *
     * @param seed the seed of the script
     * @param perFile how many flips and cuts are tried for each file; in a file with fewer bytes other than zero, each of
     *     them is flipped
     * @throws AssertionError if the store breaks the contract; the message names the case
     */
    public void explore(long seed, int perFile) {
        for (boolean closed : new boolean[] {true, false}) {
            Life life = played(seed, closed);
            RandomGenerator random = new SplittableRandom(seed);
            files(life.disk()).keySet().forEach(file -> {
                List<Damage> damages = new ArrayList<>();
                damages.add(new Damage(Damage.Kind.MISSING, file, 0));
                for (long at : places(life.disk(), file, perFile, random)) {
                    damages.add(new Damage(Damage.Kind.FLIP, file, at * 8 + random.nextInt(8)));
                }
                for (long at : places(life.disk(), file, Math.min(perFile, CUTS), random)) {
                    damages.add(new Damage(Damage.Kind.CUT, file, at));
                }
                damages.forEach(damage -> judge(new Case.Rot(seed, closed, damage), life));
            });
            life.close();
        }
    }

    /**
     * Tries a single case.
     *
     * @param tried the case
     * @throws AssertionError if the store breaks the contract
     */
    public void replay(Case.Rot tried) {
        Life life = played(tried.seed(), tried.closed());
        judge(tried, life);
        life.close();
    }

    private Life played(long seed, boolean closed) {
        CrashFileSystem disk = Stage.ready(true);
        Life life = new Life(maker, disk, Stage.directory(disk), Script.draw(seed, BATCHES), Bounds.FRESH);
        try {
            life.open();
            life.playAll();
            if (closed) {
                life.close();
            }
        } catch (StorageViolation e) {
            throw new Case.Crash(seed, List.of()).failure(e);
        }
        return life;
    }

    private static Map<String, Long> files(CrashFileSystem disk) {
        Map<String, Long> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(disk.root())) {
            for (Path path : (Iterable<Path>) all::iterator) {
                if (Files.isRegularFile(path)) {
                    files.put(path.toString(), Files.size(path));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** Places within the data, which are what long runs of zeros leave, all of them or some; and some anywhere. */
    private static Set<Long> places(CrashFileSystem disk, String file, int count, RandomGenerator random) {
        byte[] bytes = bytes(disk.getPath(file));
        List<Long> filled = new ArrayList<>();
        int zeros = RUN;
        for (int i = 0; i < bytes.length; i++) {
            zeros = bytes[i] == 0 ? zeros + 1 : 0;
            if (zeros < RUN) {
                filled.add((long) i);
            }
        }
        Set<Long> places = new LinkedHashSet<>(filled.size() <= count ? filled : List.of());
        while (places.size() < Math.min(count, filled.size())) {
            places.add(filled.get(random.nextInt(filled.size())));
        }
        for (int i = 0; bytes.length > 0 && i < Math.min(count, 200) / 2; i++) {
            places.add((long) random.nextInt(bytes.length));
        }
        return places;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void judge(Case.Rot tried, Life before) {
        watch.trying(tried);
        CrashFileSystem disk = before.disk().damaged(tried.damage());
        Life life = before.on(disk);
        try {
            // Of a file that is gone, a store may know no more than that there should be one of some name.
            List<String> names = new ArrayList<>(names(before.disk()));
            names.add(Stage.directory(disk) + "/");
            tally.count(tried.damage().kind().name(), outcome(tried, life, names));
        } catch (StorageViolation e) {
            throw tried.failure(e);
        }
    }

    private static List<String> names(CrashFileSystem disk) {
        return files(disk).keySet().stream()
                .map(file -> file.substring(file.lastIndexOf('/') + 1))
                .toList();
    }

    private Tally.Outcome outcome(Case.Rot tried, Life life, List<String> names) {
        Found found;
        try {
            found = life.recover();
        } catch (IOException e) {
            life.close();
            requireUseful(e, names);
            refusedAgain(tried, life, names);
            return Tally.Outcome.REFUSED;
        }
        return found(tried, life, found);
    }

    /** A refusal must not be what heals the store: whoever just tries again must not lose anything either. */
    private void refusedAgain(Case.Rot tried, Life life, List<String> names) {
        Life again = life.sameDisk();
        Found found;
        try {
            found = again.recover();
        } catch (IOException e) {
            again.close();
            requireUseful(e, names);
            return;
        }
        Tally.Outcome unused = found(tried, again, found);
    }

    private Tally.Outcome found(Case.Rot tried, Life life, Found found) {
        Bounds bounds = life.bounds();
        String wrong = bounds.wrong(found, life.script(), false);
        Tally.Outcome outcome = Tally.Outcome.CONFIRMED;
        if (wrong != null
                && mayLoseLastBatch
                && !tried.closed()
                && tried.damage().kind() != Damage.Kind.MISSING) {
            bounds = bounds.withoutTheLast(life.script());
            outcome = Tally.Outcome.RESIDUAL;
            if (bounds.wrong(found, life.script(), false) == null) {
                wrong = null;
            }
        }
        if (wrong != null) {
            throw new StorageViolation("damage was neither noticed nor harmless: " + wrong, null);
        }
        life.accept(found, bounds.batches(found, life.script()));
        life.play(1);
        Life second = life.crashed(new CrashChoice(life.disk().operations(), CrashKind.NOTHING, 0));
        second.open();
        second.close();
        life.close();
        return outcome;
    }

    private static void requireUseful(IOException refusal, List<String> names) {
        String message = String.valueOf(refusal.getMessage());
        if (names.stream().noneMatch(message::contains)) {
            throw new StorageViolation("the message names none of the files " + names + ": " + message, refusal);
        }
        if (!REMEDY.matcher(message).find()) {
            throw new StorageViolation("the message tells of no remedy: " + message, refusal);
        }
    }
}
