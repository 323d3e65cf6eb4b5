// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What a store is to go through, drawn from a seed: batches such as nodes write, snapshots written between them, and
 * restarts. It knows what the store must hold after each batch.
 */
public final class Script {

    private final long seed;
    private final List<Step> steps = new ArrayList<>();
    private final List<Snapshot> snapshots = new ArrayList<>();
    private final List<Expected> states = new ArrayList<>();
    private final List<Integer> stepsAfter = new ArrayList<>();

    private Script(long seed) {
        this.seed = seed;
        states.add(Expected.NOTHING);
        stepsAfter.add(0);
    }

    /**
     * Draws a script.
     *
     * @param seed decides everything
     * @param batches how many batches it has, at least
     * @return the script
     */
    public static Script draw(long seed, int batches) {
        Script script = new Script(seed);
        RandomGenerator random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 1);
        BatchDraw draw = new BatchDraw(random);
        SnapshotDraw pending = new SnapshotDraw(script, random);
        while (script.batches() < batches) {
            int dice = random.nextInt(100);
            if (dice < 3 && script.batches() > 0) {
                script.steps.add(new Step.Reopen());
            } else if (dice < 50) {
                pending.goOn(draw);
            } else {
                script.add(draw.next());
            }
        }
        return script;
    }

    void add(Step step) {
        steps.add(step);
    }

    void add(Snapshot snapshot) {
        snapshots.add(snapshot);
    }

    void add(List<Write> batch) {
        steps.add(new Step.Batch(states.size(), batch));
        states.add(states.get(states.size() - 1).after(batch));
        stepsAfter.add(steps.size());
    }

    long seed() {
        return seed;
    }

    int batches() {
        return states.size() - 1;
    }

    List<Step> steps() {
        return steps;
    }

    List<Snapshot> snapshots() {
        return snapshots;
    }

    /** What a store holds after so many batches. */
    Expected after(int batches) {
        return states.get(batches);
    }

    /** Whether there is nothing in the batch with this number. */
    boolean isEmpty(int batch) {
        return steps.get(stepsAfter.get(batch) - 1) instanceof Step.Batch b
                && b.writes().isEmpty();
    }

    /** The step with which a store that holds so many batches goes on. */
    int stepAfter(int batches) {
        return stepsAfter.get(batches);
    }
}
