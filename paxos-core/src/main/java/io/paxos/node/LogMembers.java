// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.model.Configuration;
import io.paxos.model.GroupId;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Who belongs to one log, and every way to change it: while commands go on, from any node, decided in the log itself
 * (rule 10). A node that is to vote must be running and have reached this one; it catches up first.
 *
 * <p>A change is done when it governs and so many of the new voters hold everything before it that whoever left may be
 * stopped and thrown away. One is made at a time: another one meanwhile is refused with
 * {@link Outcome.Reason#CHANGE_UNDER_WAY}. Futures fail with {@link RefusedException}, which also says
 * {@link Outcome.Reason#UNKNOWN_NODE}, {@link Outcome.Reason#NO_QUORUM}, {@link Outcome.Reason#VERSION_OUTDATED} or
 * {@link Outcome.Reason#TIMEOUT}, and nothing is changed then; or with {@link UnknownOutcomeException}: then look at
 * {@link ReplicatedLog#status} and ask again, which does no harm if it was changed already.
 *
 * <p>Safe for any thread; nothing here waits.
 */
public final class LogMembers {

    private final CallDoor door;
    private final GroupId group;
    private final Ticks ticks;
    private final Duration defaultDeadline;

    LogMembers(CallDoor door, GroupId group, Ticks ticks, Duration defaultDeadline) {
        this.door = door;
        this.group = group;
        this.ticks = ticks;
        this.defaultDeadline = defaultDeadline;
    }

    /**
     * Lets nodes vote; with the store each of them has now, should it have voted with another one before.
     *
     * @param nodes their ids
     * @return the configuration in force
     */
    public CompletableFuture<Configuration> add(String... nodes) {
        return change(MembershipChange.add(ids(nodes)), defaultDeadline);
    }

    /**
     * Lets nodes go. They keep what they hold, and learn that they are not needed.
     *
     * @param nodes their ids
     * @return the configuration in force
     */
    public CompletableFuture<Configuration> remove(String... nodes) {
        return change(MembershipChange.remove(ids(nodes)), defaultDeadline);
    }

    /**
     * Lets nodes learn without voting, whether they voted before or did not belong.
     *
     * @param nodes their ids
     * @return the configuration in force
     */
    public CompletableFuture<Configuration> observe(String... nodes) {
        return change(MembershipChange.observe(ids(nodes)), defaultDeadline);
    }

    /**
     * Puts one node in the place of another, which may be dead. With the same name twice, the store that node has now
     * takes the place of the one it lost.
     *
     * @param leaving the id of the node that goes
     * @param coming the id of the node that votes instead
     * @return the configuration in force
     */
    public CompletableFuture<Configuration> replace(String leaving, String coming) {
        return change(MembershipChange.replace(new NodeId(leaving), new NodeId(coming)), defaultDeadline);
    }

    /**
     * Makes any change in one step.
     *
     * @param change what is to become of the membership
     * @param deadline how long to try
     * @return the configuration in force
     * @throws IllegalArgumentException if the deadline is not longer than nothing
     */
    public CompletableFuture<Configuration> change(MembershipChange change, Duration deadline) {
        int limit = ticks.in("deadline", deadline);
        return door.change(
                group, request -> new Event.Reconfigure(request, group, change, limit), LogMembers::configuration);
    }

    private static Configuration configuration(Outcome outcome) {
        if (outcome instanceof Outcome.Reconfigured done) {
            return done.configuration();
        }
        throw PaxosException.of(outcome);
    }

    static NodeId[] ids(String... nodes) {
        return Stream.of(nodes).map(NodeId::new).toArray(NodeId[]::new);
    }

    @Override
    public String toString() {
        return "LogMembers[" + group + "]";
    }
}
