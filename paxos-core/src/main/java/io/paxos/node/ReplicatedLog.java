package io.paxos.node;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
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

    ReplicatedLog(
            CallDoor door,
            GroupHandle group,
            ExecutedLog executed,
            S state,
            Codec<C> commands,
            Codec<R> results,
            Ticks ticks,
            Duration defaultDeadline,
            Supplier<NodeStatus> nodeStatus) {
        this.door = door;
        this.group = group;
        this.executed = executed;
        this.state = state;
        this.commands = commands;
        this.results = results;
        this.ticks = ticks;
        this.defaultDeadline = defaultDeadline;
        this.nodeStatus = nodeStatus;
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
     *     deadline passed while the command was on its way, and with {@link RefusedException} if it never left
     * @throws IllegalArgumentException if the command cannot be encoded or the deadline is not longer than nothing
     */
    public CompletableFuture<R> submit(C command, Duration deadline) {
        Payload payload = Encoding.encode(commands, command);
        int limit = ticks.in("deadline", deadline);
        return door.send(
                group.id(), payload, request -> new Event.Submit(request, group.id(), payload, limit), this::result);
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
     * linearizable read. It puts a barrier into the log and waits for it.
     *
     * @param query reads the state and changes nothing; runs where commands are applied, between two of them, so what
     *     it returns must not change afterwards
     * @param deadline how long to try
     * @param <T> what is read
     * @return what the query returned, or threw. Fails with {@link RefusedException} when the deadline passes
     * @throws IllegalArgumentException if the deadline is not longer than nothing
     */
    public <T> CompletableFuture<T> read(Function<? super S, T> query, Duration deadline) {
        int limit = ticks.in("deadline", deadline);
        CompletableFuture<T> future = door.newFuture();
        GroupApplier.Query turn = turn(query, future);
        door.ask(group.id(), request -> new Event.Barrier(request, group.id(), limit), outcome -> {
            if (outcome instanceof Outcome.Applied) {
                group.applier().ask(turn);
            } else {
                door.callbacks().fail(future, PaxosException.of(outcome));
            }
        });
        return future;
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
        CompletableFuture<T> future = door.newFuture();
        group.applier().ask(turn(query, future));
        return future;
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
     * @return true if it leads
     */
    public boolean isLeader() {
        return group.standing().role() == Effect.RoleName.LEADER;
    }

    /**
     * Who leads the log, as far as this node knows.
     *
     * @return the leader, this node included, or empty
     */
    public Optional<NodeId> leader() {
        return Optional.ofNullable(group.standing().leader());
    }

    private R result(Outcome outcome) {
        if (outcome instanceof Outcome.Applied applied) {
            return Encoding.decode(
                    results, applied.result(), () -> "the command was applied in slot " + applied.slot());
        }
        throw PaxosException.of(outcome);
    }

    private <T> GroupApplier.Query turn(Function<? super S, T> query, CompletableFuture<T> future) {
        Objects.requireNonNull(query, "query");
        return new GroupApplier.Query() {
            @Override
            public void run() {
                T value;
                try {
                    value = query.apply(state);
                } catch (RuntimeException | Error e) {
                    door.callbacks().fail(future, e);
                    return;
                }
                door.callbacks().complete(future, () -> value);
            }

            @Override
            public void refuse(Outcome.Refused refusal) {
                door.callbacks().fail(future, PaxosException.of(refusal));
            }
        };
    }

    @Override
    public String toString() {
        return "ReplicatedLog[" + group.id() + "]";
    }
}
