// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Freshness;
import io.paxos.event.Outcome;
import io.paxos.model.CommandId;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.SlotToken;
import io.paxos.replica.NodeStatus;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A state machine that is the same on every node: commands given at any node are put into one order by Multi-Paxos and
 * applied in it, each once, on every replica.
 *
 * <p>Safe for any thread; no method but {@link #status} waits for anything. Futures complete on the node's callback
 * executor, each exactly once, with a {@link PaxosException} if there is no result. They refuse, with
 * {@link IllegalStateException}, to be waited for on the node's own threads.
 *
 * @param <C> the commands
 * @param <R> the results
 * @param <S> the state machine, as queries see it
 */
public final class ReplicatedLog<C, R, S extends StateMachine<C, R>> {

    private final CallDoor door;
    private final GroupHandle group;
    private final ExecutedLog executed;
    private final S state;
    private final Codec<C> commands;
    private final Codec<R> results;
    private final Ticks ticks;
    private final Duration defaultDeadline;
    private final Supplier<NodeStatus> nodeStatus;
    private final boolean leases;
    private final Leadership leadership;
    private final Supplier<CompletableFuture<Void>> closing;
    private final Function<Outcome, R> resultOf = this::result;

    ReplicatedLog(
            CallDoor door,
            GroupHandle group,
            ExecutedLog executed,
            S state,
            Codec<C> commands,
            Codec<R> results,
            Ticks ticks,
            Duration defaultDeadline,
            Supplier<NodeStatus> nodeStatus,
            boolean leases,
            Supplier<CompletableFuture<Void>> closing) {
        this.leases = leases;
        this.closing = closing;
        this.door = door;
        this.group = group;
        this.executed = executed;
        this.state = state;
        this.commands = commands;
        this.results = results;
        this.ticks = ticks;
        this.defaultDeadline = defaultDeadline;
        this.nodeStatus = nodeStatus;
        this.leadership = new Leadership(door, group, ticks, defaultDeadline);
    }

    /**
     * Executes a command, within the node's default deadline. See {@link #submit(Object, Duration)}.
     *
     * @param command the command
     * @return its result
     */
    public CompletableFuture<R> submit(C command) {
        return submit(command, defaultDeadline);
    }

    /**
     * Executes a command, once on every replica, from any node and through changes of leader. Commands of one caller
     * that does not wait in between may be applied in another order than they were submitted in.
     *
     * @param command the command
     * @param deadline how long to try
     * @return its result, when this node's replica has applied it. Fails with {@link UnknownOutcomeException} if the
     *     deadline passed, the node was closed or its replica stopped while the command was on its way, and with
     *     {@link RefusedException} if it never left
     * @throws IllegalArgumentException if the command cannot be encoded or the deadline is not longer than nothing
     */
    public CompletableFuture<R> submit(C command, Duration deadline) {
        Payload payload = Encoding.encode(commands, command);
        int limit = ticks.in("deadline", deadline);
        return door.submit(group.id(), payload, limit, resultOf);
    }

    /**
     * Executes a command as {@link #submit(Object, Duration)} does, and tells where: a read that shows the token
     * elsewhere sees it.
     *
     * @param command the command
     * @param deadline how long to try
     * @return its result and its slot; fails as there
     * @throws IllegalArgumentException as there
     */
    public CompletableFuture<Reading<R>> submitWithSlot(C command, Duration deadline) {
        Payload payload = Encoding.encode(commands, command);
        int limit = ticks.in("deadline", deadline);
        return door.submit(group.id(), payload, limit, outcome -> {
            R value = result(outcome);
            return new Reading<>(value, new SlotToken(group.id(), ((Outcome.Applied) outcome).slot()));
        });
    }

    /**
     * Settles for good what became of a command whose outcome was {@linkplain UnknownOutcomeException#command unknown}: it
     * has been applied, and its result is told; or it has not, and never will be, for a fence stands in the log. Any node
     * may be asked, also when the one that submitted it is gone.
     *
     * <p>Results are remembered as long as the session of whoever submitted the command lasts, and there for as many later
     * commands as may wait at a node.
     *
     * @param command its id
     * @param deadline how long to try
     * @return what it came to. Fails with {@link UnknownOutcomeException} if the deadline passed, or if it has been
     *     forgotten; then it is not applied any more, but may have been
     * @throws IllegalArgumentException if the deadline is not longer than nothing
     */
    public CompletableFuture<Resolution<R>> resolve(CommandId command, Duration deadline) {
        Objects.requireNonNull(command, "command");
        int limit = ticks.in("deadline", deadline);
        return door.change(
                group.id(), request -> new Event.Resolve(request, group.id(), command, limit), this::resolution);
    }

    private Resolution<R> resolution(Outcome outcome) {
        if (outcome instanceof Outcome.Fenced) {
            return new Resolution.Fenced<>();
        }
        R value = result(outcome);
        return new Resolution.Applied<>(value, new SlotToken(group.id(), ((Outcome.Applied) outcome).slot()));
    }

    /**
     * Reads the state, within the node's default deadline. See {@link #read(Function, Duration)}.
     *
     * @param query reads the state
     * @param <T> what is read
     * @return what the query returned
     */
    public <T> CompletableFuture<T> read(Function<? super S, T> query) {
        return read(query, defaultDeadline);
    }

    /**
     * Reads the state of this node's replica, with everything in it that was acknowledged to anyone before the call: a
     * linearizable read. It takes no slot of the log and asks no leader: a quorum of the voters is asked how far they are,
     * many reads at a time, and when this replica has come as far, it answers (rule 13). Where nothing is in flight that
     * is one round trip, whether anybody leads or not; where something is, it takes as long as that takes to be decided.
     *
     * @param query reads the state and changes nothing; runs where commands are applied, between two of them, so what
     *     it returns must not change afterwards
     * @param deadline how long to try
     * @param <T> what is read
     * @return what the query returned, or threw. Fails with {@link RefusedException} when the deadline passes
     * @throws IllegalArgumentException if the deadline is not longer than nothing
     */
    public <T> CompletableFuture<T> read(Function<? super S, T> query, Duration deadline) {
        Objects.requireNonNull(query, "query");
        return readCurrent(NodeMeter.ReadGuarantee.LINEARIZABLE, query, Freshness.ACKNOWLEDGED, deadline);
    }

    /**
     * Reads the state with a chosen guarantee, within the node's default deadline. See
     * {@link #read(Consistency, Function, Duration)}.
     *
     * @param how what is guaranteed
     * @param query reads the state
     * @param <T> what is read
     * @return what the query returned, and what it reflects
     */
    public <T> CompletableFuture<Reading<T>> read(Consistency how, Function<? super S, T> query) {
        return read(how, query, defaultDeadline);
    }

    /**
     * Reads the state of this node's replica with a chosen guarantee.
     *
     * @param how what is guaranteed, and what may be done for it
     * @param query as in {@link #read(Function, Duration)}
     * @param deadline how long to try
     * @param <T> what is read
     * @return what the query returned, or threw, and what it reflects. Fails with {@link RefusedException} when the
     *     deadline passes: {@code STALE} if it was to be of a bounded age, else {@code TIMEOUT}
     * @throws IllegalArgumentException if the deadline is not longer than nothing, or the token is one of another log
     * @throws IllegalStateException if a lease is asked for and the node grants none
     */
    public <T> CompletableFuture<Reading<T>> read(Consistency how, Function<? super S, T> query, Duration deadline) {
        Objects.requireNonNull(query, "query");
        if (how instanceof Consistency.AtLeast least && !least.token().group().equals(group.id())) {
            throw new IllegalArgumentException("the token " + least.token() + " is one of another log than "
                    + group.id() + "; a slot of one says nothing about the other");
        }
        if (how instanceof Consistency.Lease && !leases) {
            throw new IllegalStateException("this node grants no leases, so nobody can hold one; say leaderLease(…) to"
                    + " the builder of every node, or read with Consistency.linearizable()");
        }
        Function<S, Reading<T>> reading = machine -> new Reading<>(query.apply(machine), token());
        if (how instanceof Consistency.Local) {
            return readLocal(reading);
        }
        return readCurrent(ReadTurn.guarantee(how), reading, how.at(System.nanoTime()), deadline);
    }

    /** What the state reflects while a query runs. */
    private SlotToken token() {
        return new SlotToken(group.id(), executed.applied());
    }

    /**
     * The same as {@link #read(Function, Duration)}, and tells which slot the answer reflects.
     *
     * @param query as there
     * @param deadline how long to try
     * @param <T> what is read
     * @return what the query returned, with the last slot executed when it ran; fails as there
     * @throws IllegalArgumentException if the deadline is not longer than nothing
     */
    public <T> CompletableFuture<Reading<T>> readWithSlot(Function<? super S, T> query, Duration deadline) {
        Objects.requireNonNull(query, "query");
        return read(Consistency.linearizable(), query, deadline);
    }

    private <T> CompletableFuture<T> readCurrent(
            NodeMeter.ReadGuarantee guarantee, Function<? super S, T> query, Freshness freshness, Duration deadline) {
        int limit = ticks.in("deadline", deadline);
        group.applier().hurry();
        ReadTurn<S, T> turn = new ReadTurn<>(door, group, guarantee, state, query);
        door.ask(group.id(), request -> new Event.Read(request, group.id(), freshness, limit), turn);
        return turn.future();
    }

    /**
     * Reads the state of this node's replica as it is, which may be behind. It asks no other node and works on strangers,
     * observers and halted replicas too.
     *
     * @param query as in {@link #read(Function, Duration)}
     * @param <T> what is read
     * @return what the query returned, or threw. Fails with {@link RefusedException} if too many queries wait or the
     *     node is closed
     */
    public <T> CompletableFuture<T> readLocal(Function<? super S, T> query) {
        Objects.requireNonNull(query, "query");
        ReadTurn<S, T> turn = new ReadTurn<>(door, group, NodeMeter.ReadGuarantee.LOCAL, state, query);
        group.applier().ask(turn);
        return turn.future();
    }

    /**
     * Takes a snapshot of this node's replica now, though none is due by the {@link io.paxos.replica.SnapshotPolicy}.
     * Commands go on meanwhile. What the snapshot stands for then leaves the log of this node, as the policy says.
     *
     * @return the last slot executed in the snapshot, when it is durable; 0 if nothing has been executed yet. Fails with
     *     {@link UnsupportedOperationException} if the state machine cannot be captured, with
     *     {@link IllegalStateException} while another snapshot is being written, with {@link java.io.IOException} if
     *     writing failed, and with {@link RefusedException} if the node is closed
     */
    public CompletableFuture<Long> snapshot() {
        CompletableFuture<Long> future = door.newFuture();
        BiConsumer<@Nullable Long, @Nullable Throwable> answer = (slot, problem) -> {
            if (slot == null) {
                door.callbacks().fail(future, Objects.requireNonNull(problem));
            } else {
                door.callbacks().complete(future, () -> slot);
            }
        };
        group.applier().ask(new GroupApplier.Query() {
            @Override
            public void run() {
                executed.writeNow(answer, group.applier()::act);
            }

            @Override
            public void refuse(Outcome.Refused refusal) {
                answer.accept(null, PaxosException.of(refusal));
            }
        });
        return future;
    }

    /**
     * Who belongs to this log, and how to change it.
     *
     * @return a view of this log's membership
     */
    public LogMembers membership() {
        return new LogMembers(door, group.id(), ticks, defaultDeadline);
    }

    /**
     * How this log stands, as this node sees it.
     *
     * @return a consistent view, or null until the node has taken part in the log; taken as in
     *     {@link PaxosNode#status}
     */
    public NodeStatus.@Nullable Group status() {
        return nodeStatus.get().groups().get(group.id());
    }

    /**
     * Whether this node leads the log, as far as it knows: another node may lead by now.
     *
     * @return true if it leads; false from the call of {@link #close} on
     */
    public boolean isLeader() {
        return group.standing().role() == Effect.RoleName.LEADER;
    }

    /**
     * Who leads the log, as far as this node knows.
     *
     * @return the leader, this node included, or empty; empty from the call of {@link #close} on, for this node hears of it no
     *     more
     */
    public Optional<NodeId> leader() {
        return Optional.ofNullable(group.standing().leader());
    }

    /**
     * Who leads this log, and who shall.
     *
     * @return the same object at each call
     */
    public Leadership leadership() {
        return leadership;
    }

    /**
     * Ends this node's part in the log: it gives up any office there, answers nobody who asks about the log, and lets the
     * state machine go. Other logs are not touched, nor is the log at other nodes; if this node votes in it, the others
     * go on without its vote as if it were down, so close a log on all nodes, or change its membership first.
     *
     * <p>What this node has promised and accepted it keeps, in the store as before, and in memory what no snapshot stands for.
     * {@link PaxosNode#replicate} opens the log again, with a state machine that is empty and is filled as at a start. A
     * replica that had halted stays halted until the node is restarted.
     *
     * <p>Calls of this object that wait are ended: with {@link UnknownOutcomeException} where a command or a change had left
     * this node, else with {@link RefusedException} for {@link Outcome.Reason#STOPPED}, as are those that come later.
     *
     * @return completes, never with a failure, when nothing of the log runs here any more: a command that is being executed
     *     has ended, and so has a snapshot that is being written. Only then may it be opened again. The same at each call
     */
    public CompletableFuture<Void> close() {
        return closing.get();
    }

    private R result(Outcome outcome) {
        if (outcome instanceof Outcome.Applied applied) {
            return Encoding.decode(
                    results, applied.result(), () -> "the command was applied in slot " + applied.slot());
        }
        throw PaxosException.of(outcome);
    }

    @Override
    public String toString() {
        return "ReplicatedLog[" + group.id() + "]";
    }
}
