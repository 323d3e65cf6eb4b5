// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.parts;

import java.util.LinkedHashMap;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What all others are divided by, so that figures of different machines can be compared: work of the same kind as the
 * library's (small objects, hash tables, copies of arrays) in which none of the library's code takes part.
 */
@State(Scope.Thread)
public class YardstickBenchmark {

    private static final int ENTRIES = 256;
    private static final int BYTES = 256;

    private long number = 1;

    /** A table of small arrays, filled, looked at and thrown away. */
    @Benchmark
    public long yardstick() {
        Map<Long, byte[]> table = new LinkedHashMap<>();
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < ENTRIES; i++) {
            number = number * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
            bytes[i % BYTES] = (byte) number;
            table.put(number >>> 48, bytes.clone());
        }
        long sum = 0;
        for (Map.Entry<Long, byte[]> entry : table.entrySet()) {
            sum += entry.getKey() + entry.getValue()[BYTES / 2];
        }
        return sum;
    }
}
