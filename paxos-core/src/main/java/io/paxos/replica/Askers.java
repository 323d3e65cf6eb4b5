// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.message.Probe;
import io.paxos.model.Endpoint;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who has asked this node, and with which question last: the echo for the next Hello, and the addresses of those who
 * observe. Bounded: of too many, whoever has been silent longest is forgotten.
 */
final class Askers {

    private static final int MOST = 256;

    /** Ten times as long as observers are silent between their questions. */
    private static final long FORGOTTEN_AFTER_TICKS = 1000;

    private final Map<NodeId, Asker> askers = new LinkedHashMap<>();
    /** Every log of the node wants to know them at every tick. */
    private List<Endpoint> recent = List.of();

    private long recentAt = -1;

    /** Notes a question. Of the questions of one start the latest is kept, in whatever order they come. */
    void asked(Endpoint from, Probe probe, long now) {
        recentAt = -1;
        Asker known = askers.remove(from.node());
        Probe latest = known != null && known.endpoint.equals(from) ? later(known.probe, probe) : probe;
        askers.put(from.node(), new Asker(from, latest, now));
        if (askers.size() > MOST) {
            askers.remove(askers.keySet().iterator().next());
        }
    }

    private static Probe later(Probe known, Probe probe) {
        return known.start() == probe.start() && known.count() > probe.count() ? known : probe;
    }

    /** The latest question of this node, or null. */
    @Nullable
    Probe latest(NodeId node) {
        Asker known = askers.get(node);
        return known == null ? null : known.probe;
    }

    /** Those who have asked not long ago, in the order of their questions. */
    List<Endpoint> recent(long now) {
        if (now == recentAt) {
            return recent;
        }
        List<Endpoint> found = new ArrayList<>();
        for (Asker asker : askers.values()) {
            if (now - asker.at <= FORGOTTEN_AFTER_TICKS) {
                found.add(asker.endpoint);
            }
        }
        recentAt = now;
        recent = List.copyOf(found);
        return recent;
    }

    /** Those of them who are not counted. */
    List<Endpoint> notCountedBy(Membership formed, long now) {
        return recent(now).stream().filter(node -> !formed.counts(node)).toList();
    }

    private record Asker(Endpoint endpoint, Probe probe, long at) {}
}
