// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import io.paxos.replica.NodeStatus;
import io.paxos.spi.Write;
import io.paxos.testkit.check.Choice;
import io.paxos.testkit.check.DecreeFacts;
import io.paxos.testkit.check.DurableState;
import io.paxos.testkit.check.LogFacts;
import io.paxos.testkit.check.Violation;
import io.paxos.testkit.live.Sight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Looks at a world and changes nothing in it. */
final class LiveLook {

    private final World world;
    private final GroupId group;

    LiveLook(World world) {
        this.world = world;
        this.group = world.groups().get(0);
    }

    List<Sight.Node> nodes() {
        List<Sight.Node> nodes = new ArrayList<>();
        for (Station station : world.stations()) {
            nodes.add(node(station));
        }
        return nodes;
    }

    private Sight.Node node(Station station) {
        DurableState.Log log = station.store().log(group);
        Host host = station.host();
        NodeStatus status = host == null ? null : host.status();
        NodeStatus.Group open = status == null ? null : status.groups().get(group);
        return new Sight.Node(
                station.id().name(),
                station.isUp(),
                station.isUp() && station.pausedUntil() > world.now(),
                host == null ? "DOWN" : host.role(group).name(),
                ballot(log.promised()),
                open == null || open.leader() == null ? null : open.leader().name(),
                open == null ? log.decided() : open.decided(),
                open == null ? 0 : open.applied(),
                open == null || open.membership() == null
                        ? ""
                        : open.membership().standing().name(),
                status == null ? null : trouble(status, open),
                slots(log));
    }

    private static @Nullable String trouble(NodeStatus status, NodeStatus.@Nullable Group open) {
        if (status.halted() != null) {
            return status.halted();
        }
        if (open != null && open.halted() != null) {
            return open.halted();
        }
        // A stranger to the decrees may have been admitted to the log again.
        boolean votes =
                open != null && open.membership() != null && open.membership().standing() == NodeStatus.Standing.VOTER;
        return votes ? null : status.stranger();
    }

    private static List<Sight.Slot> slots(DurableState.Log log) {
        List<Sight.Slot> slots = new ArrayList<>();
        for (Map.Entry<Long, Proposal<Value>> slot : log.slots().entrySet()) {
            Proposal<Value> held = slot.getValue();
            slots.add(new Sight.Slot(slot.getKey(), Phrases.value(held.value()), ballot(held.ballot())));
        }
        return slots;
    }

    List<Sight.Slot> chosen() {
        LogFacts log = world.facts().log(group);
        List<Sight.Slot> chosen = new ArrayList<>();
        for (long slot = 1; slot <= log.lastSlot(); slot++) {
            Choice<Value> choice = log.at(slot);
            Choice.Ballotted<Value> winner = choice == null ? null : choice.chosen();
            if (winner != null) {
                chosen.add(new Sight.Slot(slot, Phrases.value(winner.value()), ballot(winner.ballot())));
            }
        }
        return chosen;
    }

    List<Sight.Decree> decrees() {
        List<Sight.Decree> decrees = new ArrayList<>();
        for (Map.Entry<DecreeName, DecreeFacts> decree : world.facts().decrees().entrySet()) {
            SortedMap<String, Sight.Holding> holdings = new TreeMap<>();
            for (Station station : world.stations()) {
                Sight.Holding holding = holding(station.store(), decree.getKey());
                if (holding != null) {
                    holdings.put(station.id().name(), holding);
                }
            }
            Choice.Ballotted<Payload> chosen = decree.getValue().choice().chosen();
            decrees.add(new Sight.Decree(
                    decree.getKey().name(), chosen == null ? null : Phrases.payload(chosen.value()), holdings));
        }
        return decrees;
    }

    private static Sight.@Nullable Holding holding(DurableState store, DecreeName name) {
        Payload decided = store.decided(name);
        Write.DecreeWrite vote = store.decree(name);
        if (decided != null) {
            return new Sight.Holding("", Phrases.payload(decided), true);
        }
        if (vote == null) {
            return null;
        }
        Proposal<Payload> accepted = vote.accepted();
        return new Sight.Holding(
                ballot(vote.promised()), accepted == null ? null : Phrases.payload(accepted.value()), false);
    }

    List<Sight.Link> links() {
        List<Sight.Link> links = new ArrayList<>();
        Network network = world.network();
        for (Station from : world.stations()) {
            for (Station to : world.stations()) {
                boolean cut = network.isCut(from.index(), to.index());
                long slow = network.slowness(from.index(), to.index());
                int loss = network.loss(from.index(), to.index());
                if (cut || slow > 0 || loss > 0) {
                    links.add(new Sight.Link(from.id().name(), to.id().name(), cut, slow, loss));
                }
            }
        }
        return links;
    }

    /** One for each check, and one for whatever else may be found. */
    List<Sight.Light> lights(String others, @Nullable Violation violation) {
        List<Sight.Light> lights = new ArrayList<>();
        boolean found = false;
        for (String property : world.judge().properties()) {
            boolean isThis = violation != null && violation.property().equals(property);
            found |= isThis;
            lights.add(new Sight.Light(property, !isThis));
        }
        lights.add(new Sight.Light(others, violation == null || found));
        return lights;
    }

    private static String ballot(Ballot ballot) {
        return ballot.isZero() ? "" : Phrases.ballot(ballot);
    }
}
