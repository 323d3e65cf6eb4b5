// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Event;
import io.paxos.event.Self;
import io.paxos.log.Changes;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.replica.AppliedState;
import io.paxos.replica.NodeMachine;
import io.paxos.replica.NodeStatus;
import io.paxos.spi.Codec;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.StateMachine;
import io.paxos.spi.Storage;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a running node, put together at its start and taken apart at its end. Safe for any thread. */
final class NodeRuntime {

    private static final Logger LOG = LoggerFactory.getLogger(PaxosNode.class);

    private static final long STATUS_WAIT_SECONDS = 1;
    private static final long CLOSE_WAIT_SECONDS = 10;

    /** Makes the machine of a node; tests bring their own. */
    interface MachineFactory {
        Machine create(NodeSettings settings, Self self, RecoveredState recovered);
    }

    private final NodeSettings settings;
    private final Instruments instruments;
    private final Self self;
    private final NodeThreads threads;
    private final Mailbox<Event> mailbox;
    private final @Nullable ScheduledExecutorService ownLoop;
    private final EventLoop loop;
    private final @Nullable ExecutorService ownCallbacks;
    private final Callbacks callbacks;
    private final PendingCalls calls;
    private final CallDoor door;
    private final Groups groups = new Groups();
    private final ExecutorService applyPool;
    private final StoreGate store;
    private final @Nullable ExecutorService writer;
    private final SnapshotDesk snapshots;
    private final CompletableFuture<Void> formed;
    private final Announcer announcer;
    private final GroupCommit commit;
    private final MachineHost host;
    private final LongAdder dropped = new LongAdder();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile NodeStatus lastStatus;
    /** Nobody closes a log here any more, for nothing of any runs. */
    private volatile boolean over;

    private NodeRuntime(
            NodeSettings settings,
            Instruments instruments,
            Storage storage,
            RecoveredState recovered,
            MachineFactory factory) {
        this.settings = settings;
        this.instruments = instruments;
        this.self = new Self(
                settings.cluster(),
                new Endpoint(settings.id(), recovered.incarnation()),
                StartId.of(recovered.start(), settings.startNonce()).bits());
        Machine machine = factory.create(settings, self, recovered);
        lastStatus = machine.status();
        threads = new NodeThreads(settings.id());
        mailbox = Mailbox.within(settings.limits());
        ScheduledExecutorService brought = settings.transport().executor();
        ScheduledExecutorService loopExecutor = brought == null ? threads.loop() : brought;
        ownLoop = brought == null ? loopExecutor : null;
        loop = new EventLoop(loopExecutor, mailbox, settings.ticks().length().toNanos(), this::loopLost);
        Executor given = settings.callbackExecutor();
        ExecutorService made = given == null ? threads.callbacks() : null;
        ownCallbacks = made;
        callbacks = new Callbacks(made == null ? Objects.requireNonNull(given) : made, given != null);
        calls = new PendingCalls(callbacks::run);
        door = new CallDoor(
                calls,
                loop,
                mailbox,
                callbacks,
                this::isNodeThread,
                settings.config().maxValueBytes(),
                instruments.metering());
        applyPool = threads.apply();
        store = new StoreGate(settings.id(), storage);
        writer = storage.blocks() ? threads.writer() : null;
        snapshots = new SnapshotDesk(
                settings.id(),
                settings.storage(),
                threads.snapshots(),
                report -> loop.offer(Mailbox.Lane.REPORTS, report, 0),
                instruments.metering());
        formed = door.newFuture();
        announcer = new Announcer(settings.id(), callbacks, settings.listener(), formed, instruments);
        Outbox outbox = new Outbox(settings.id(), settings.transport());
        commit = new GroupCommit(settings.id(), store, outbox, writer, loop::execute);
        Updates updates = new Updates(calls, callbacks, report -> loop.offer(Mailbox.Lane.REPORTS, report, 0));
        host = new MachineHost(
                settings.id(),
                machine,
                new EffectExecutor(settings.id(), outbox, commit, groups, snapshots, calls, updates, announcer),
                outbox,
                commit,
                calls,
                callbacks);
    }

    /** Opens the store, starts the transport, and sets the loop going; on failure all of it is closed again. */
    static NodeRuntime start(NodeSettings settings) {
        return start(settings, NodeRuntime::realMachine);
    }

    static NodeRuntime start(NodeSettings settings, MachineFactory factory) {
        Instruments instruments = Instruments.of(settings.id());
        Storage storage = new MeteredStorage(settings.storage(), instruments);
        RecoveredState recovered;
        try {
            recovered = storage.recover(new StoreOwner(settings.cluster(), settings.id()));
        } catch (IOException e) {
            throw new UncheckedIOException("node " + settings.id() + " cannot open its store: " + e.getMessage(), e);
        }
        NodeRuntime runtime;
        try {
            runtime = new NodeRuntime(settings, instruments, storage, recovered, factory);
        } catch (RuntimeException | Error e) {
            new StoreGate(settings.id(), storage).close(0);
            throw e;
        }
        try {
            runtime.run();
        } catch (RuntimeException | Error e) {
            runtime.close();
            throw e;
        }
        return runtime;
    }

    private static Machine realMachine(NodeSettings settings, Self self, RecoveredState recovered) {
        return Machine.of(new NodeMachine(
                self,
                settings.members(),
                settings.quorums(),
                settings.config(),
                recovered,
                new SplittableRandom(settings.machineSeed())));
    }

    private void run() {
        Set<NodeId> peers = new HashSet<>(settings.members());
        peers.remove(settings.id());
        settings.transport()
                .start(
                        new Transport.Local(settings.cluster(), self.endpoint(), peers),
                        new Inbound(settings.id(), loop, dropped));
        LOG.info(
                "{}: started in cluster {} with members {}, store {}{}",
                settings.id(),
                settings.cluster(),
                settings.members(),
                self.endpoint().incarnation(),
                settings.members().contains(settings.id()) ? "" : ", as an observer");
        loop.start(host);
    }

    NodeSettings settings() {
        return settings;
    }

    CallDoor door() {
        return door;
    }

    CompletableFuture<Void> whenFormed() {
        return formed.copy();
    }

    <C, R, S extends StateMachine<C, R>> ReplicatedLog<C, R, S> replicate(
            String name, S machine, Codec<C> commands, Codec<R> results) {
        GroupId group = GroupId.of(name);
        if (group.equals(GroupId.EPOCHS)) {
            throw new IllegalArgumentException(
                    "the name \"" + name + "\" is kept for the log by which the membership of"
                            + " decrees and registers changes; choose another one");
        }
        AppliedState applied = new AppliedState(
                self,
                group,
                new EncodedStateMachine<>(machine, commands, results),
                settings.config().snapshots(),
                AppliedState.MOST_SESSIONS,
                new Changes(settings.config().alpha(), settings.quorums()),
                settings.compareEvery());
        ExecutedLog executed = new ExecutedLog(settings.id(), group, applied, settings.storage(), snapshots);
        GroupApplier applier = new GroupApplier(
                group,
                new MeteredSlots(instruments, group, executed),
                applyPool,
                report -> loop.offer(Mailbox.Lane.REPORTS, report, 0),
                loop::leave,
                calls,
                callbacks,
                settings.limits().queueCommands());
        GroupHandle handle = new GroupHandle(group, applier, new LeadershipDesk(callbacks), door.newFuture());
        groups.add(handle);
        loop.offer(Mailbox.Lane.REPORTS, new Event.OpenGroup(group), 0);
        if (closing.get()) {
            applier.stop(closedReason());
        }
        return new ReplicatedLog<>(
                door.of(handle),
                handle,
                executed,
                machine,
                commands,
                results,
                settings.ticks(),
                settings.deadline(),
                this::status,
                settings.config().leases().nanos() > 0,
                () -> close(handle));
    }

    private CompletableFuture<Void> close(GroupHandle handle) {
        if (handle.beginToClose()) {
            boolean isTaken = loop.offer(Mailbox.Lane.REPORTS, new Event.CloseGroup(handle.id()), 0);
            if (!isTaken || over) {
                announcer.closed(handle);
            }
        }
        // Whoever cancels or completes what is returned does it for nobody else.
        return handle.closed().copy();
    }

    NodeMembers members() {
        return new NodeMembers(groups, door, settings.ticks(), settings.deadline(), this::status);
    }

    Metering metering() {
        return instruments.metering();
    }

    NodeLoad load() {
        return new NodeLoad(
                calls.size(),
                mailbox.waiting(Mailbox.Lane.CALLS),
                mailbox.waiting(Mailbox.Lane.VOTES),
                mailbox.waiting(Mailbox.Lane.BULK),
                commit.handedBytes(),
                dropped.sum());
    }

    NodeHealth health(HealthPolicy policy) {
        NodeStatus now = askLoop();
        String silent = null;
        if (closing.get()) {
            silent = closedReason();
        } else if (now == null) {
            silent = "the loop of node " + settings.id() + " has not answered within " + STATUS_WAIT_SECONDS + " s";
        }
        return new HealthCheck(
                        policy,
                        settings.ticks().length(),
                        settings.members().contains(settings.id()),
                        groups::executionFailed)
                .of(now == null ? lastStatus : now, silent);
    }

    NodeStatus status() {
        NodeStatus now = askLoop();
        return now == null ? lastStatus : now;
    }

    /** How things stand now, or null if the loop does not say so in time. */
    private @Nullable NodeStatus askLoop() {
        if (loop.isLoopThread()) {
            return host.status();
        }
        if (closing.get()) {
            return lastStatus;
        }
        CompletableFuture<NodeStatus> answer = new CompletableFuture<>();
        loop.inspect(() -> answer.complete(host.status()));
        try {
            NodeStatus now = answer.get(STATUS_WAIT_SECONDS, TimeUnit.SECONDS);
            lastStatus = now;
            return now;
        } catch (TimeoutException e) {
            LOG.debug("{}: the loop does not answer; its last known status must do", settings.id());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the status of node " + settings.id() + " cannot be told", e.getCause());
        }
        return null;
    }

    void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        calls.close(closedReason());
        handOver();
        loop.stop(this::endOnLoop);
        await(ended, "its loop");
        // After a loop that hangs the calls are ended here, so that at least nobody waits for ever.
        calls.abandonAll(closedReason());
        groups.stop(closedReason());
        settings.transport().close();
        snapshots.close();
        store.close(CLOSE_WAIT_SECONDS);
        if (writer != null) {
            writer.shutdown();
        }
        if (ownLoop != null) {
            ownLoop.shutdown();
        }
        applyPool.shutdown();
        over = true;
        groups.closing().forEach(announcer::closed);
        announcer.stopped(closedReason());
        if (ownCallbacks != null) {
            ownCallbacks.shutdown();
        }
        LOG.info("{}: closed", settings.id());
    }

    /**
     * Lets others lead what this node leads, so that nobody has to find out first that it is gone; but no longer than it
     * would take them to elect someone after it has resigned.
     */
    private void handOver() {
        if (settings.members().size() < 2 || loop.isLoopThread() || !groups.leadsAny()) {
            return;
        }
        loop.offer(Mailbox.Lane.REPORTS, new Event.HandOver(), 0);
        long longest = settings.ticks().length().toNanos() * settings.config().electionTicks() / 2;
        try {
            groups.awaitNoOffice(longest);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endOnLoop() {
        lastStatus = host.status();
        host.end(closedReason());
        calls.abandonAll(closedReason());
        ended.countDown();
    }

    private String closedReason() {
        return "node " + settings.id() + " has been closed";
    }

    private boolean isNodeThread() {
        return loop.isLoopThread() || threads.isApplyThread();
    }

    /** A transport that closes by itself takes the loop away; the node cannot go on, and its callers must hear it. */
    private void loopLost() {
        if (closing.get()) {
            return;
        }
        Thread thread = new Thread(
                () -> {
                    LOG.error("{}: the transport's executor has stopped, so the node is closed", settings.id());
                    close();
                },
                "paxos-" + settings.id() + "-close");
        thread.setDaemon(true);
        thread.start();
    }

    private void await(CountDownLatch latch, String what) {
        try {
            if (!latch.await(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("{}: {} does not come to an end; closing without it", settings.id(), what);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
