package io.paxos.micrometer;

import io.micrometer.core.instrument.Clock;
import io.paxos.replica.NodeStatus;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a node stands, asked for once for all gauges of a scrape: an answer serves for a second. Safe for any thread; while
 * one asks, the others wait for the same answer.
 */
final class StatusCache {

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<NodeStatus> source;
    private final Clock clock;
    private final Consumer<NodeStatus> onNew;
    private @Nullable NodeStatus last;
    private long askedAt;

    /** @param onNew told of each answer before anybody gets it */
    StatusCache(Supplier<NodeStatus> source, Clock clock, Consumer<NodeStatus> onNew) {
        this.source = source;
        this.clock = clock;
        this.onNew = onNew;
    }

    synchronized NodeStatus get() {
        long now = clock.monotonicTime();
        NodeStatus known = last;
        if (known != null && now - askedAt < FRESH_NANOS) {
            return known;
        }
        NodeStatus fresh = source.get();
        last = fresh;
        // A node that was slow to answer is not asked again at once by the next gauge.
        askedAt = clock.monotonicTime();
        onNew.accept(fresh);
        return fresh;
    }
}
