// SPDX-License-Identifier: Apache-2.0
package io.paxos.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.paxos.node.PaxosNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The figures of one node: what becomes of commands and how long that takes, how long the store and the state machines
 * take, how each log stands, and how much waits where. {@code docs/observability.md} lists them.
 *
 * <pre>{@code
 * PaxosMetrics metrics = new PaxosMetrics(node);
 * metrics.bindTo(registry);
 * }</pre>
 *
 * <p>Counters and timers begin at zero when they are bound, so bind a node as soon as it is started. How the node stands is
 * asked for once in a second at most, however many gauges a scrape reads; a node whose loop hangs holds a scrape up for
 * a second. Logs and voters that come later get their meters by themselves.
 *
 * <p>Each meter has the tag {@code node}, and those of a log the tag {@code group}. Safe for any thread.
 */
public final class PaxosMetrics implements MeterBinder, AutoCloseable {

    private final PaxosNode node;
    private final List<NodeBinding> bindings = new ArrayList<>();
    private boolean closed;

    /**
     * The figures of a node, bound to nothing yet.
     *
     * @param node the node; it is not closed from here
     */
    public PaxosMetrics(PaxosNode node) {
        this.node = Objects.requireNonNull(node, "node");
    }

    /**
     * Registers all meters, and counts from now on.
     *
     * @param registry where to; may be called for several
     * @throws IllegalStateException if this has been closed
     */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        if (closed) {
            throw new IllegalStateException(
                    "the metrics of node " + node.id() + " have been closed; make new ones to bind them again");
        }
        NodeBinding binding = new NodeBinding(node.id(), node::status, node::load, registry);
        bindings.add(binding);
        node.attach(binding);
        binding.refresh();
    }

    /** Takes all meters out of their registries, and stops counting. A second call does nothing. */
    @Override
    public synchronized void close() {
        closed = true;
        for (NodeBinding binding : bindings) {
            node.detach(binding);
            binding.close();
        }
        bindings.clear();
    }
}
