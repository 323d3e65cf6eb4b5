// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import io.paxos.testkit.disk.CrashChoice;
import io.paxos.testkit.disk.CrashFileSystem;
import io.paxos.testkit.disk.CrashKind;
import io.paxos.testkit.disk.LiveFault;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Plays scripts on disks that fail once, at each read, write, force and change of a directory in turn. Afterwards the
 * store is opened again: on the same disk, which is in order again; after the process died; and after the power failed.
 */
public final class FaultExploration {

    private static final int BATCHES = 14;
    private static final int PER_KIND = 24;
    private static final int SAMPLES = 3;
    private static final List<CrashKind> ENDS = List.of(
            CrashKind.NOTHING,
            CrashKind.EVERYTHING,
            CrashKind.KILLED,
            CrashKind.SUBSET,
            CrashKind.TORN_BYTE,
            CrashKind.LENGTH_ZERO,
            CrashKind.ENTRIES_LOST);

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
    public FaultExploration(StorageMaker maker, Tally tally, Watch watch) {
        this.maker = maker;
        this.tally = tally;
        this.watch = watch;
    }

    /**
     * Tries the faults of one script.
     *
     * @param seed the seed of the script
     * @throws AssertionError if the store breaks the contract; the message names the case
     */
    public void explore(long seed) {
        Life sound = life(seed);
        try {
            sound.open();
            sound.playAll();
            sound.close();
        } catch (StorageViolation e) {
            throw new Case.Crash(seed, List.of()).failure(e);
        }
        RandomGenerator random = new SplittableRandom(seed);
        for (LiveFault.Kind kind : LiveFault.Kind.values()) {
            long count = sound.disk().count(kind.counted());
            TreeSet<Long> places = new TreeSet<>();
            for (long i = 1; i <= Math.min(count, PER_KIND); i++) {
                places.add(count <= PER_KIND ? i : 1 + random.nextLong(count));
            }
            places.forEach(at -> replay(new Case.Fault(seed, new LiveFault(kind, at))));
        }
    }

    private Life life(long seed) {
        CrashFileSystem disk = Stage.ready(seed % 2 == 0);
        return new Life(maker, disk, Stage.directory(disk), Script.draw(seed, BATCHES), Bounds.FRESH);
    }

    /**
     * Tries a single case.
     *
     * @param tried the case
     * @throws AssertionError if the store breaks the contract
     */
    public void replay(Case.Fault tried) {
        watch.trying(tried);
        try {
            Life life = life(tried.seed());
            life.disk().fail(tried.fault());
            life.open();
            life.playAll();
            if (!life.hasFailed()) {
                life.close();
            }
            if (!life.disk().hasFailed()) {
                return;
            }
            life.disk().fail(null);
            judge(tried, life);
        } catch (StorageViolation e) {
            throw tried.failure(e);
        }
    }

    private void judge(Case.Fault tried, Life life) {
        int end = life.disk().operations();
        RandomGenerator random = new SplittableRandom(tried.toString().hashCode());
        for (CrashKind kind : ENDS) {
            long variants = life.disk().variants(end, kind);
            for (long i = 0; i < Math.min(variants, SAMPLES); i++) {
                long variant = variants <= SAMPLES ? i : random.nextLong(variants);
                CrashChoice crash = new CrashChoice(end, kind, variant);
                try {
                    opensAndStays(tried, life.crashed(crash), life.boundsAt(end));
                } catch (StorageViolation e) {
                    throw new StorageViolation("after the fault, crash " + crash + ": " + e.getMessage(), e);
                }
            }
        }
        life.close();
        opensAndStays(tried, life.sameDisk(), life.bounds());
    }

    /** What a store hands out when it is opened is there for good: also if the power fails right after. */
    private void opensAndStays(Case.Fault tried, Life life, Bounds bounds) {
        life.open();
        tally.count(
                tried.fault().kind().name(),
                life.bounds().least() > bounds.least() ? Tally.Outcome.UNDER_WAY : Tally.Outcome.CONFIRMED);
        Life second = life.crashed(new CrashChoice(life.disk().operations(), CrashKind.NOTHING, 0));
        try {
            second.open();
        } catch (StorageViolation e) {
            throw new StorageViolation(
                    "opened again, and then, after a crash that lost what was not forced: " + e.getMessage(), e);
        }
        second.play(2);
        second.close();
        life.play(2);
        life.close();
    }
}
