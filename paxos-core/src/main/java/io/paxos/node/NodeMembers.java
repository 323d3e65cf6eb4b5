// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.Configuration;
import io.paxos.model.GroupId;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.replica.NodeStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who belongs to a node's logs, decrees and registers, all of them in one call: each log this node takes part in is changed,
 * one after the other, as {@link LogMembers} does it, and then the decrees and registers, which move together (rule 16).
 * Should one fail, those before it are changed and those behind it are not; to ask again completes what is left. In what is
 * answered the decrees and registers stand under {@link #EPOCHS}. A log that has been closed here when its turn comes is passed
 * over; one that is closed while it is being changed makes the change fail.
 *
 * <p>Decrees and registers pause from the decision of a change until a quorum of the new members holds what the former ones
 * have left; calls wait and are not lost. The future is complete when whoever left is needed no more.
 *
 * <p>Safe for any thread; nothing here waits but for the status of the node.
 */
public final class NodeMembers {

    /** Under which name the membership of decrees and registers stands among those of the logs. */
    public static final String EPOCHS = GroupId.EPOCHS.name();

    private final Groups groups;
    private final CallDoor door;
    private final BiFunction<GroupId, MembershipChange, CompletableFuture<Configuration>> one;
    private final Supplier<NodeStatus> status;

    NodeMembers(Groups groups, CallDoor door, Ticks ticks, Duration deadline, Supplier<NodeStatus> status) {
        this.groups = groups;
        this.door = door;
        this.one = (group, change) -> new LogMembers(door, group, ticks, deadline).change(change, deadline);
        this.status = status;
    }

    /**
     * Lets nodes vote in every log.
     *
     * @param nodes their ids
     * @return the configuration in force of each log, by its name
     */
    public CompletableFuture<SortedMap<String, Configuration>> add(String... nodes) {
        return change(MembershipChange.add(LogMembers.ids(nodes)));
    }

    /**
     * Lets nodes go from every log to which they belong.
     *
     * @param nodes their ids
     * @return the configuration in force of each log, by its name
     */
    public CompletableFuture<SortedMap<String, Configuration>> remove(String... nodes) {
        return change(MembershipChange.remove(LogMembers.ids(nodes)));
    }

    /**
     * Lets nodes learn every log without voting.
     *
     * @param nodes their ids
     * @return the configuration in force of each log, by its name
     */
    public CompletableFuture<SortedMap<String, Configuration>> observe(String... nodes) {
        return change(MembershipChange.observe(LogMembers.ids(nodes)));
    }

    /**
     * Puts one node in the place of another in every log in which that one votes. Other logs stay as they are, so that to
     * ask again completes what is left.
     *
     * @param leaving the id of the node that goes
     * @param coming the id of the node that votes instead
     * @return the configuration in force of each log, by its name
     */
    public CompletableFuture<SortedMap<String, Configuration>> replace(String leaving, String coming) {
        NodeId from = new NodeId(leaving);
        return change(
                MembershipChange.replace(from, new NodeId(coming)),
                latest -> latest.voters().voters().containsKey(from));
    }

    /**
     * Makes any change in every log.
     *
     * @param change what is to become of the memberships; nodes that are to leave and do not belong are passed over
     * @return the configuration in force of each log, by its name, and of the decrees and registers. Fails as
     *     {@link LogMembers} says for the first log that could not be changed
     */
    public CompletableFuture<SortedMap<String, Configuration>> change(MembershipChange change) {
        return change(change, latest -> true);
    }

    private CompletableFuture<SortedMap<String, Configuration>> change(
            MembershipChange change, Predicate<Configuration> concerned) {
        // What is derived from a future of the door refuses, as that does, to be waited for on the node's own threads.
        CompletableFuture<SortedMap<String, Configuration>> all = door.newFuture();
        all.complete(new TreeMap<>());
        List<GroupId> logs = new ArrayList<>(groups.ids());
        logs.add(GroupId.EPOCHS);
        for (GroupId group : logs) {
            all = all.thenCompose(done -> inOne(group, change, concerned, done));
        }
        return all;
    }

    private CompletableFuture<SortedMap<String, Configuration>> inOne(
            GroupId group,
            MembershipChange change,
            Predicate<Configuration> concerned,
            SortedMap<String, Configuration> done) {
        if (!group.equals(GroupId.EPOCHS) && !groups.isOpen(group)) {
            // It has been closed while those before it were changed: this node takes part in it no more.
            return CompletableFuture.completedFuture(done);
        }
        NodeStatus.Membership membership = membership(group);
        SortedSet<NodeId> leaving = new TreeSet<>(change.remove());
        if (membership != null) {
            leaving.removeIf(node -> !membership.latest().includes(node));
            boolean hasNothingToDo = leaving.isEmpty()
                    && change.vote().isEmpty()
                    && change.observe().isEmpty();
            if (hasNothingToDo || !concerned.test(membership.latest())) {
                done.put(group.name(), membership.latest());
                return CompletableFuture.completedFuture(done);
            }
        }
        MembershipChange here = new MembershipChange(change.vote(), change.observe(), leaving, change.amends());
        return one.apply(group, here).thenApply(configuration -> {
            done.put(group.name(), Objects.requireNonNull(configuration));
            return done;
        });
    }

    private NodeStatus.@Nullable Membership membership(GroupId group) {
        NodeStatus now = status.get();
        if (group.equals(GroupId.EPOCHS)) {
            return now.electorate();
        }
        NodeStatus.Group log = now.groups().get(group);
        return log == null ? null : log.membership();
    }

    /**
     * The latest configuration of each log that this node takes part in, and that of the decrees and registers.
     *
     * @return by the name of the log, or {@link #EPOCHS}; without those of which nothing is known yet
     */
    public SortedMap<String, Configuration> latest() {
        SortedMap<String, Configuration> latest = new TreeMap<>();
        NodeStatus now = status.get();
        now.groups().forEach((group, log) -> {
            if (log.membership() != null) {
                latest.put(group.name(), log.membership().latest());
            }
        });
        if (now.electorate() != null) {
            latest.put(EPOCHS, now.electorate().latest());
        }
        return Collections.unmodifiableSortedMap(latest);
    }
}
