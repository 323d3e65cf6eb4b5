// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/** What this process keeps in memory, in MiB. */
final class Heap {

    private static final int MIB_SHIFT = 20;

    private Heap() {}

    static long limit() {
        return Runtime.getRuntime().maxMemory() >> MIB_SHIFT;
    }

    /** What is left when all garbage is gone. */
    static long live() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> MIB_SHIFT;
    }

    /** Makes {@link #peak} begin anew. */
    static void forgetPeak() {
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    /** The most that was ever in use, garbage included: at most, since the peaks of the heap's parts are added up. */
    static long peak() {
        long sum = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                sum += pool.getPeakUsage().getUsed();
            }
        }
        return Math.min(limit(), sum >> MIB_SHIFT);
    }

    /** What lies beside the heap, in buffers that the Java runtime knows of; mapped files do not count. */
    static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .filter(pool -> pool.getName().equals("direct"))
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum()
                >> MIB_SHIFT;
    }
}
