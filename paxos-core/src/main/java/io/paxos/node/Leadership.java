// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who leads one log, and who shall. Safe for any thread; nothing here waits. Futures complete as those of
 * {@link ReplicatedLog} do.
 */
public final class Leadership {

    /** A listener that is being told. Safe for any thread. */
    public interface Observation extends AutoCloseable {

        /** Ends the calls of the listener; one that is under way goes on. A second call does nothing. */
        @Override
        void close();
    }

    private final CallDoor door;
    private final GroupHandle group;
    private final Ticks ticks;
    private final Duration defaultDeadline;

    Leadership(CallDoor door, GroupHandle group, Ticks ticks, Duration defaultDeadline) {
        this.door = door;
        this.group = group;
        this.ticks = ticks;
        this.defaultDeadline = defaultDeadline;
    }

    /**
     * Lets another node lead, within the node's default deadline. See {@link #transferTo(NodeId, Duration)}.
     *
     * @param target who is to lead
     * @return who leads then
     */
    public CompletableFuture<NodeId> transferTo(NodeId target) {
        return transferTo(target, defaultDeadline);
    }

    /**
     * Lets another node lead. Only the leader can do this. It goes on as usual until the other is near enough, proposes
     * nothing new then, and tells it to ask for promises at once: commands wait for about a round trip and a half, and
     * none is lost. If the other does not take over within an election timeout, this node goes on leading.
     *
     * @param target who is to lead; if it leads already nothing happens
     * @param deadline how long to try
     * @return who leads then: the target, or whoever was faster. Fails with {@link RefusedException} and nothing has
     *     changed: {@code UNKNOWN_NODE}, {@code NOT_A_VOTER}, {@code NOT_LEADER} (whose detail names the leader),
     *     {@code TIMEOUT} if the target is not heard or too far behind; with {@link UnknownOutcomeException} if the
     *     target was told and may yet take over
     * @throws IllegalArgumentException if the deadline is not longer than nothing
     */
    public CompletableFuture<NodeId> transferTo(NodeId target, Duration deadline) {
        return ask(Objects.requireNonNull(target, "target"), false, deadline);
    }

    /**
     * Lets the best of the other voters lead, the one that lacks least; as {@link #transferTo(NodeId, Duration)}.
     *
     * @param deadline how long to try
     * @return who leads then; fails as there
     * @throws IllegalArgumentException if the deadline is not longer than nothing
     */
    public CompletableFuture<NodeId> transfer(Duration deadline) {
        return ask(null, false, deadline);
    }

    /**
     * Gives the office up: to the best of the other voters, or, if none takes over in time, to whoever is elected. It may
     * be this node again.
     *
     * @param deadline how long to look for somebody to take over
     * @return who leads then; fails as {@link #transferTo(NodeId, Duration)} does, and this node has resigned all the
     *     same if it led
     * @throws IllegalArgumentException if the deadline is not longer than nothing
     */
    public CompletableFuture<NodeId> stepDown(Duration deadline) {
        return ask(null, true, deadline);
    }

    private CompletableFuture<NodeId> ask(@Nullable NodeId target, boolean resign, Duration deadline) {
        int limit = ticks.in("deadline", deadline);
        return door.change(
                group.id(), request -> new Event.Transfer(request, group.id(), target, resign, limit), outcome -> {
                    if (outcome instanceof Outcome.Led led) {
                        return led.leader();
                    }
                    throw PaxosException.of(outcome);
                });
    }

    /**
     * Tells a listener whether this node leads, now and whenever that changes: level-triggered, so whoever comes late
     * misses nothing that still holds.
     *
     * @param listener called as {@link LeadershipListener} says
     * @return ends the calls when it is closed
     */
    public Observation observe(LeadershipListener listener) {
        return group.leadership().observe(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * The token of this node's leadership, as {@link LeadershipListener#leads} tells it.
     *
     * @return the ballot, or empty if this node does not lead, or has not caught up yet
     */
    public Optional<Ballot> token() {
        return group.leadership().token();
    }

    @Override
    public String toString() {
        return "Leadership[" + group.id() + "]";
    }
}
