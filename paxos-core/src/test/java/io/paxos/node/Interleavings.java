// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * How much Lincheck tries of each structure: little enough for every build, in two ways that find different things. The
 * system property {@code interleavings.times} multiplies the scenarios.
 */
final class Interleavings {

    private static final int TIMES = Integer.getInteger("interleavings.times", 1);

    private Interleavings() {}

    /**
     * Interleavings one by one: a failure comes with the very switches between the threads that lead to it. Threads are
     * not switched inside the JDK's own collections, which are held to be right: that leaves more for what is ours.
     */
    static ModelCheckingOptions oneByOne() {
        return oneByOne(5, 100);
    }

    /** The same for what takes longer: so many scenarios, each with so many interleavings. */
    static ModelCheckingOptions oneByOne(int scenarios, int interleavings) {
        return new ModelCheckingOptions()
                .iterations(scenarios * TIMES)
                .invocationsPerIteration(interleavings)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .addGuarantee(atomic(ConcurrentHashMap.class))
                .addGuarantee(atomic(ConcurrentLinkedQueue.class));
    }

    private static ManagedStrategyGuarantee atomic(Class<?> collection) {
        return ManagedStrategyGuaranteeKt.forClasses(collection.getName())
                .allMethods()
                .treatAsAtomic();
    }

    /** Threads that run as they do: with what the processor reorders, which the other way knows nothing of. */
    static StressOptions asTheyCome() {
        return new StressOptions()
                .iterations(3 * TIMES)
                .invocationsPerIteration(200)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(0);
    }
}
