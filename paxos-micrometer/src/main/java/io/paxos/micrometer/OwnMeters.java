// SPDX-License-Identifier: Apache-2.0
package io.paxos.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The meters registered on behalf of one thing, so that they can be taken out again. Safe for any thread. */
final class OwnMeters {

    /** The limits of the buckets of every histogram of times: from a fast device to a deadline. */
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30)
    };

    private final MeterRegistry registry;
    private final Tags tags;
    private final Queue<Meter> registered = new ConcurrentLinkedQueue<>();
    private volatile boolean removed;

    /** @param tags those of every meter registered here */
    OwnMeters(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
    }

    /** Others, with one more tag, which are taken out by themselves. */
    OwnMeters with(String tag, String value) {
        return new OwnMeters(registry, tags.and(tag, value));
    }

    Timer timer(String name, String description, String... more) {
        return kept(Timer.builder(name)
                .description(description)
                .tags(tags.and(more))
                .serviceLevelObjectives(BUCKETS)
                .register(registry));
    }

    Counter counter(String name, String description, String... more) {
        return kept(Counter.builder(name)
                .description(description)
                .tags(tags.and(more))
                .register(registry));
    }

    DistributionSummary summary(String name, String unit, String description, String... more) {
        return kept(DistributionSummary.builder(name)
                .baseUnit(unit)
                .description(description)
                .tags(tags.and(more))
                .register(registry));
    }

    /** A number that only grows, counted elsewhere. */
    void counted(String name, String description, LongSupplier count, String... more) {
        // Of what such a counter is made of it lets go whenever memory is collected, and stands still from then on; the
        // registry is there as long as the counter is, and the function it keeps.
        kept(FunctionCounter.builder(name, registry, itself -> count.getAsLong())
                .description(description)
                .tags(tags.and(more))
                .register(registry));
    }

    void gauge(String name, @Nullable String unit, String description, DoubleSupplier value, String... more) {
        kept(Gauge.builder(name, value::getAsDouble)
                .baseUnit(unit)
                .description(description)
                .tags(tags.and(more))
                .register(registry));
    }

    private <M extends Meter> M kept(M meter) {
        registered.add(meter);
        if (removed) {
            removeAll();
        }
        return meter;
    }

    /** Takes all of them out of the registry, those too that are only now being registered. */
    void removeAll() {
        removed = true;
        for (Meter meter = registered.poll(); meter != null; meter = registered.poll()) {
            registry.remove(meter);
        }
    }
}
