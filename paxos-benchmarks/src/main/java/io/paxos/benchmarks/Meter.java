// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;

/**
 * What this process has used so far.
 *
 * @param cpuNanos processor time of all its threads
 * @param workNanos processor time of those threads that run Java code and live: without the compiler and the collector
 * @param allocatedBytes on the heap, by threads that live
 * @param writeCalls calls of {@code write} and its kin, to files, to wake event loops, and to sockets where several
 *     buffers go together; 0 where the system does not count them. What goes out by {@code send}, as Netty's single
 *     buffers do, or by {@code sendmsg}, as UDP does, is not among them
 */
record Meter(long cpuNanos, long workNanos, long allocatedBytes, long writeCalls) {

    private static final Path COUNTERS = Path.of("/proc/self/io");
    private static final String WRITE_CALLS = "syscw: ";

    static Meter now() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        long[] ids = threads.getAllThreadIds();
        return new Meter(
                system.getProcessCpuTime(),
                sum(threads.getThreadCpuTime(ids)),
                sum(threads.getThreadAllocatedBytes(ids)),
                countedWriteCalls());
    }

    /** Of a thread that has ended meanwhile, -1 is said. */
    private static long sum(long[] ofThreads) {
        return LongStream.of(ofThreads).filter(each -> each > 0).sum();
    }

    private static long countedWriteCalls() {
        if (!Files.isReadable(COUNTERS)) {
            return 0;
        }
        try {
            return Files.readAllLines(COUNTERS).stream()
                    .filter(line -> line.startsWith(WRITE_CALLS))
                    .mapToLong(line -> Long.parseLong(line.substring(WRITE_CALLS.length())))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException("the system's counters of this process cannot be read", e);
        }
    }

    Meter since(Meter earlier) {
        return new Meter(
                cpuNanos - earlier.cpuNanos,
                workNanos - earlier.workNanos,
                allocatedBytes - earlier.allocatedBytes,
                writeCalls - earlier.writeCalls);
    }
}
