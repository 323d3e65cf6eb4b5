// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.channel.Channel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads for signatures, chains and files. What waits for them is bounded by the connections there are at a time: each
 * has one task, and takes it along when it closes. So whoever connects, asks for a signature and is gone again, faster than
 * signatures are made, leaves nothing behind.
 */
final class TlsThreads implements Executor {

    private static final int THREADS = 2;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DefaultThreadFactory("paxos-tls", true));

    TlsThreads() {
        threads.allowCoreThreadTimeOut(true);
    }

    /** What belongs to no connection. */
    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** For the tasks of one connection, of which the next begins after the one before. */
    Executor of(Channel channel) {
        return new OfConnection(channel);
    }

    /** How many tasks wait for a thread. */
    int waiting() {
        return threads.getQueue().size();
    }

    void close() {
        var unused = threads.shutdownNow();
    }

    /** Confined to the loop, as the connection is. */
    private final class OfConnection implements Executor {

        private @Nullable Runnable latest;

        OfConnection(Channel channel) {
            channel.closeFuture().addListener(closed -> {
                Runnable task = latest;
                if (task != null) {
                    threads.remove(task);
                }
            });
        }

        @Override
        public void execute(Runnable task) {
            latest = task;
            threads.execute(task);
        }
    }
}
