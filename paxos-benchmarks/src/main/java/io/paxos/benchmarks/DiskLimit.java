// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/**
 * What the disk itself can do: append to preallocated files and force each append, by as many threads at once as there
 * are nodes, each with a file of its own. No journal that forces what it confirms can be faster.
 */
final class DiskLimit implements AutoCloseable {

    private static final int FILE_BYTES = 64 << 20;
    private static final int ZEROES = 1 << 20;

    /** Durations are kept to so many decimal digits. */
    private static final int DIGITS = 3;

    /** What one thread came to, on the average of all threads. */
    record Speed(double forcesPerSecond, double medianMicros) {}

    private final LeastTime leastTime;
    private final List<Path> files = new ArrayList<>();
    private final List<FileChannel> channels = new ArrayList<>();
    private final ExecutorService threads;

    /** Creates the files, and has the file system write all of them once, as a journal does with its segments. */
    DiskLimit(Path directory, int maxThreads, LeastTime leastTime) throws IOException {
        this.leastTime = leastTime;
        threads = Executors.newFixedThreadPool(maxThreads);
        for (int i = 0; i < maxThreads; i++) {
            Path file = directory.resolve("disk-limit-" + i);
            files.add(file);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channels.add(channel);
            ByteBuffer zeroes = ByteBuffer.allocateDirect(ZEROES);
            for (long at = 0; at < FILE_BYTES; at += ZEROES) {
                writeAll(channel, zeroes.clear(), at);
            }
            channel.force(true);
        }
    }

    /** Appends and forces for a while. */
    Speed measure(int concurrently, int bytes, Duration time) throws InterruptedException {
        List<Callable<Histogram>> tasks = new ArrayList<>();
        for (int i = 0; i < concurrently; i++) {
            FileChannel channel = channels.get(i);
            tasks.add(() -> appendAndForce(channel, bytes, time));
        }
        Histogram all = new Histogram(DIGITS);
        for (Future<Histogram> one : threads.invokeAll(tasks)) {
            try {
                all.add(one.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("the disk cannot be measured", e.getCause());
            }
        }
        return new Speed(
                all.getTotalCount() / (time.toNanos() / 1e9) / concurrently, all.getValueAtPercentile(50) / 1e3);
    }

    private Histogram appendAndForce(FileChannel channel, int bytes, Duration time) throws IOException {
        Histogram nanos = new Histogram(DIGITS);
        ByteBuffer block = ByteBuffer.allocateDirect(bytes);
        long at = 0;
        long now = System.nanoTime();
        long end = now + time.toNanos();
        while (now < end) {
            writeAll(channel, block.clear(), at);
            channel.force(false);
            leastTime.await(now);
            at = at + 2L * bytes > FILE_BYTES ? 0 : at + bytes;
            long then = System.nanoTime();
            nanos.recordValue(then - now);
            now = then;
        }
        return nanos;
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        long to = at;
        while (bytes.hasRemaining()) {
            to += channel.write(bytes, to);
        }
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (FileChannel channel : channels) {
            channel.close();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
