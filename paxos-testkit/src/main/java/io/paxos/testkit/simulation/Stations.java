// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Effect.RoleName;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The places of all nodes, members first, numbered from 0. */
final class Stations implements Iterable<Station> {

    private final List<Station> all = new ArrayList<>();
    private final Map<NodeId, Station> byId = new HashMap<>();

    void add(Station station) {
        if (station.index() != all.size()) {
            throw new IllegalArgumentException(
                    station.id() + " comes as number " + all.size() + ", not " + station.index());
        }
        all.add(station);
        byId.put(station.id(), station);
    }

    int size() {
        return all.size();
    }

    Station get(int node) {
        return all.get(node);
    }

    /** The place of a node, or null if there is no such node. */
    @Nullable
    Station of(NodeId id) {
        return byId.get(id);
    }

    @Override
    public Iterator<Station> iterator() {
        return all.iterator();
    }

    List<Host> hostsUp() {
        List<Host> up = new ArrayList<>();
        for (Station station : all) {
            if (station.host() != null) {
                up.add(station.host());
            }
        }
        return up;
    }

    /** The node that leads most of these logs, as far as it knows itself; or any. */
    int likelyLeader(List<GroupId> groups) {
        int likely = 0;
        int most = -1;
        for (Station station : all) {
            Host host = station.host();
            int leads = 0;
            for (GroupId group : groups) {
                leads += host != null && host.role(group) == RoleName.LEADER ? 1 : 0;
            }
            if (leads > most) {
                most = leads;
                likely = station.index();
            }
        }
        return likely;
    }
}
