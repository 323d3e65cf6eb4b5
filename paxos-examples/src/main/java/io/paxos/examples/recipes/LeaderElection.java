// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.recipes;

import io.paxos.model.Ballot;
import io.paxos.node.Leadership;
import io.paxos.node.LeadershipListener;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one node of a cluster do something, and another one as soon as that one is gone: whoever leads a replicated log.
 * It is told when it leads and has caught up, works on a thread of its own, and is interrupted when it leads no more.
 * For a moment two may work, for the news takes its time; so whatever they change must refuse a token that is lower than
 * the highest it has seen, as {@link Fence} does. Safe for any thread.
 */
public final class LeaderElection implements AutoCloseable {

    /** What the one that is elected does. */
    @FunctionalInterface
    public interface Work {

        /**
         * Works until it is interrupted or done. What it throws else is logged, and nobody works then until another node
         * leads: let the node {@linkplain Leadership#stepDown step down} if another one may fare better.
         *
         * @param token to be shown with everything that is changed outside; higher than that of whoever worked before
         * @throws InterruptedException when this node leads no more
         */
        void run(Ballot token) throws InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);

    private final Work work;
    private final ExecutorService thread;
    private final Leadership.Observation observation;
    private @Nullable Future<?> running;

    /**
     * Stands for election, if it has not been won already.
     *
     * @param leadership of the log whose leader is to work
     * @param name of the thread
     * @param work what to do as long as this node leads
     */
    public LeaderElection(Leadership leadership, String name, Work work) {
        this.work = work;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, name);
            made.setDaemon(true);
            return made;
        });
        this.observation = leadership.observe(new LeadershipListener() {
            @Override
            public void leads(Ballot token) {
                begin(token);
            }

            @Override
            public void ends(Ballot token) {
                end();
            }
        });
    }

    private synchronized void begin(Ballot token) {
        if (!thread.isShutdown()) {
            running = thread.submit(() -> {
                try {
                    work.run(token);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (RuntimeException | Error e) {
                    LOG.error("the work of leader {} failed; nobody works until another node leads", token, e);
                }
            });
        }
    }

    private synchronized void end() {
        if (running != null) {
            running.cancel(true);
            running = null;
        }
    }

    /** Stands for election no more; work that is under way is interrupted. */
    @Override
    public void close() {
        observation.close();
        synchronized (this) {
            end();
            thread.shutdownNow();
        }
    }
}
