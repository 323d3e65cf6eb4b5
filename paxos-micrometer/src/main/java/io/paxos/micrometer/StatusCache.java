// SPDX-License-Identifier: Apache-2.0
package io.paxos.micrometer;

import io.micrometer.core.instrument.Clock;
import io.paxos.replica.NodeStatus;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a node stands, asked for once for all gauges of a scrape: an answer serves for a second, unless it is known to be
 * outdated. Safe for any thread; while one asks, the others wait for the same answer.
 */
final class StatusCache {

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<NodeStatus> source;
    private final Clock clock;
    private final Consumer<NodeStatus> onNew;
    private @Nullable NodeStatus last;
    private long askedAt;
    private volatile boolean outdated;

    /** @param onNew told of each answer before anybody gets it */
    StatusCache(Supplier<NodeStatus> source, Clock clock, Consumer<NodeStatus> onNew) {
        this.source = source;
        this.clock = clock;
        this.onNew = onNew;
    }

    /** The last answer serves no longer. Never waits, for the node's loop may call it while another thread asks the loop. */
    void outdate() {
        outdated = true;
    }

    synchronized NodeStatus get() {
        long now = clock.monotonicTime();
        NodeStatus known = last;
        if (known != null && !outdated && now - askedAt < FRESH_NANOS) {
            return known;
        }
        outdated = false;
        NodeStatus fresh = source.get();
        last = fresh;
        // A node that was slow to answer is not asked again at once by the next gauge.
        askedAt = clock.monotonicTime();
        onNew.accept(fresh);
        return fresh;
    }
}
