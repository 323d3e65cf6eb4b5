// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/** How long a message of 100 bytes takes to another thread and back over TCP on the loopback interface. */
final class LoopbackRoundTrip {

    private static final int BYTES = 100;

    /** Durations are kept to so many decimal digits. */
    private static final int DIGITS = 3;

    private LoopbackRoundTrip() {}

    /** The median, in microseconds. */
    static double medianMicros(Duration time) throws IOException, InterruptedException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SocketChannel near = SocketChannel.open(server.getLocalAddress());
                    SocketChannel far = server.accept()) {
                near.setOption(StandardSocketOptions.TCP_NODELAY, true);
                far.setOption(StandardSocketOptions.TCP_NODELAY, true);
                Thread echo = new Thread(() -> echo(far), "echo");
                echo.start();
                Histogram nanos = ask(near, time);
                near.shutdownOutput();
                echo.join();
                return nanos.getValueAtPercentile(50) / 1e3;
            }
        }
    }

    private static Histogram ask(SocketChannel near, Duration time) throws IOException {
        Histogram nanos = new Histogram(DIGITS);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
        long end = System.nanoTime() + time.toNanos();
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            near.write(buffer.clear());
            buffer.clear();
            while (buffer.hasRemaining()) {
                if (near.read(buffer) < 0) {
                    throw new IOException("the echo ended");
                }
            }
            nanos.recordValue(System.nanoTime() - now);
        }
        return nanos;
    }

    private static void echo(SocketChannel far) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
        try {
            while (far.read(buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    far.write(buffer);
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
