// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import io.paxos.testkit.disk.CrashChoice;
import io.paxos.testkit.disk.CrashFileSystem;
import io.paxos.testkit.disk.CrashKind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Plays scripts and lets the store crash between any two operations of its disk, in every kind of way; each time it is opened
 * again, goes on for some steps, and crashes once more, at times while it is being opened.
 */
public final class CrashExploration {

    private static final int BATCHES = 16;
    private static final int PER_KIND = 4;
    private static final int MOMENTS = 100;
    private static final int CRASHES = 3;
    private static final CrashKind[] KINDS = CrashKind.values();

    private final StorageMaker maker;
    private final Tally tally;
    private final Watch watch;

    /**
     * Prepares an exploration.
     *
     * @param maker makes the storage
     * @param tally counts the states
     * @param watch is told what is being tried
     */
    public CrashExploration(StorageMaker maker, Tally tally, Watch watch) {
        this.maker = maker;
        this.tally = tally;
        this.watch = watch;
    }

    /**
     * Tries the crashes of one script.
     *
     * @param seed the seed of the script
     * @throws AssertionError if the store breaks the contract; the message names the case
     */
    public void explore(long seed) {
        Case.Crash none = new Case.Crash(seed, List.of());
        Life life = play(none);
        RandomGenerator random = new SplittableRandom(seed);
        int operations = life.disk().operations();
        // Many scripts find more than every moment of a few: of long ones, some moments are left out.
        for (int operation = 0; operation <= operations; operation++) {
            if (random.nextInt(operations + 1) >= MOMENTS) {
                continue;
            }
            for (CrashKind kind : KINDS) {
                for (long variant : variants(life.disk(), operation, kind, random)) {
                    after(life, none.then(new CrashChoice(operation, kind, variant)), true);
                }
            }
        }
        life.close();
    }

    /**
     * Tries a single case.
     *
     * @param tried the case
     * @throws AssertionError if the store breaks the contract
     */
    public void replay(Case.Crash tried) {
        Case.Crash sofar = new Case.Crash(tried.seed(), List.of());
        Life life = play(sofar);
        for (CrashChoice crash : tried.crashes()) {
            sofar = sofar.then(crash);
            life = after(life, sofar, false);
        }
    }

    private Life play(Case.Crash none) {
        watch.trying(none);
        Script script = Script.draw(none.seed(), BATCHES);
        CrashFileSystem disk = Stage.ready(none.seed() % 2 == 0);
        Life life = new Life(maker, disk, Stage.directory(disk), script, Bounds.FRESH);
        try {
            life.open();
            life.playAll();
            if (none.seed() % 3 == 0) {
                life.close();
            }
        } catch (StorageViolation e) {
            throw none.failure(e);
        }
        return life;
    }

    private static List<Long> variants(CrashFileSystem disk, int operation, CrashKind kind, RandomGenerator random) {
        long count = disk.variants(operation, kind);
        List<Long> variants = new ArrayList<>();
        for (long i = 0; i < Math.min(count, PER_KIND); i++) {
            variants.add(count <= PER_KIND ? i : random.nextLong(count));
        }
        return variants;
    }

    /** Opens the store after the last crash of a case, lets it go on, and if wanted crashes it again and again. */
    private Life after(Life before, Case.Crash tried, boolean goOn) {
        watch.trying(tried);
        CrashChoice crash = tried.crashes().get(tried.crashes().size() - 1);
        Bounds bounds = before.boundsAt(crash.operation());
        Life life = before.crashed(crash);
        try {
            life.open();
            tally.count(
                    crash.kind().name(),
                    life.bounds().least() > bounds.least() ? Tally.Outcome.UNDER_WAY : Tally.Outcome.CONFIRMED);
            RandomGenerator random = new SplittableRandom(tried.toString().hashCode());
            life.play(random.nextInt(4));
            if (random.nextInt(3) == 0) {
                life.close();
            }
            if (goOn
                    && tried.crashes().size() < CRASHES
                    && random.nextInt(tried.crashes().size()) == 0) {
                after(life, tried.then(next(life.disk(), random)), true);
            }
            life.close();
        } catch (StorageViolation e) {
            throw e.getCause() instanceof StorageViolation ? e : tried.failure(e);
        }
        return life;
    }

    private static CrashChoice next(CrashFileSystem disk, RandomGenerator random) {
        int operation = random.nextInt(disk.operations() + 1);
        for (int i = 0; i < 3 && disk.variants(operation, CrashKind.EVERYTHING) == 0; i++) {
            // Where all is forced there is but one way to crash; most of those moments would be wasted.
            operation = random.nextInt(disk.operations() + 1);
        }
        while (true) {
            CrashKind kind = KINDS[random.nextInt(KINDS.length)];
            long variants = disk.variants(operation, kind);
            if (variants > 0) {
                return new CrashChoice(operation, kind, random.nextLong(variants));
            }
        }
    }
}
