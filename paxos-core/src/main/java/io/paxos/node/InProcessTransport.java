// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.message.Envelope;
import io.paxos.spi.Transport;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's way into an {@link InProcessNetwork}. What arrives is delivered by a thread of the transport, which the
 * node also runs on, so that a message changes threads once on its way from node to node.
 */
final class InProcessTransport implements Transport {

    private static final Logger LOG = LoggerFactory.getLogger(InProcessTransport.class);

    private static final int MAX_MESSAGES = 1 << 20;
    private static final long MAX_BYTES = 256L << 20;
    private static final int MAX_BATCH = 512;

    private final InProcessNetwork network;
    private final Mailbox<Consumer<Receiver>> inbox =
            new Mailbox<>(new Room(MAX_MESSAGES, MAX_BYTES), new Room(MAX_MESSAGES, MAX_BYTES), new Room(1, 1));
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor executor;
    private final Object lock = new Object();
    private volatile @Nullable Local local;
    private volatile @Nullable Receiver receiver;
    private volatile boolean closed;

    InProcessTransport(InProcessNetwork network) {
        this.network = network;
        this.executor = new ScheduledThreadPoolExecutor(1, task -> {
            Local started = local;
            Thread thread = new Thread(
                    task,
                    "paxos-" + (started == null ? "unnamed" : started.self().node()));
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void start(Local newLocal, Receiver newReceiver) {
        synchronized (lock) {
            if (closed || local != null) {
                throw new IllegalStateException("this transport has been " + (closed ? "closed" : "started")
                        + " before; take a new one from its network for every start of a node");
            }
            local = newLocal;
            receiver = newReceiver;
        }
        try {
            network.join(newLocal, this);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public void send(Envelope envelope) {
        if (local != null && !closed) {
            network.carry(envelope);
        }
    }

    @Override
    public ScheduledExecutorService executor() {
        return executor;
    }

    @Override
    public void close() {
        Local started;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            started = local;
        }
        if (started != null) {
            network.leave(started, this);
        }
        executor.shutdown();
    }

    void receive(Envelope envelope) {
        Mailbox.Lane lane = envelope.message().isBulk() ? Mailbox.Lane.BULK : Mailbox.Lane.VOTES;
        if (inbox.offer(lane, to -> to.deliver(envelope), envelope.message().weight())) {
            wake();
        } else {
            LOG.debug("dropped, for the addressee has fallen behind ({}): {}", inbox.fill(lane), envelope);
        }
    }

    void receive(Consumer<Receiver> news) {
        inbox.offer(Mailbox.Lane.REPORTS, news, 0);
        wake();
    }

    private void wake() {
        if (!closed && !scheduled.get() && scheduled.compareAndSet(false, true)) {
            submit();
        }
    }

    private void submit() {
        try {
            executor.execute(this::deliverBatch);
        } catch (RejectedExecutionException e) {
            // Closed in between: what is still in the inbox is lost, as it would be on any other network.
            LOG.debug("closed with messages in the inbox");
        }
    }

    private void deliverBatch() {
        for (int i = 0; i < MAX_BATCH && !closed; i++) {
            Consumer<Receiver> delivery = inbox.poll();
            if (delivery == null) {
                break;
            }
            deliver(delivery);
        }
        if (!inbox.isEmpty()) {
            submit();
            return;
        }
        scheduled.set(false);
        if (!inbox.isEmpty()) {
            wake();
        }
    }

    private void deliver(Consumer<Receiver> delivery) {
        Receiver to = receiver;
        if (to == null) {
            return;
        }
        try {
            delivery.accept(to);
        } catch (RuntimeException e) {
            LOG.error("a receiver threw on delivery, against its contract", e);
        }
    }
}
