// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Effect;
import io.paxos.model.Ballot;
import io.paxos.model.GroupId;
import java.util.HashMap;
import java.util.Map;

/** Measures how long this node is a candidate, and what comes of it. Confined to the loop. */
final class ElectionWatch {

    private record Candidacy(Ballot ballot, long begun, Flight.Candidacy recorded) {}

    private final Instruments instruments;
    private final Map<GroupId, Candidacy> candidacies = new HashMap<>();

    ElectionWatch(Instruments instruments) {
        this.instruments = instruments;
    }

    /** This node's part in a log has changed, or the leader it hears. */
    void roleChanged(Effect.RoleChanged change) {
        GroupId group = change.group();
        if (instruments.metering().isOn()) {
            instruments.metering().tell(meter -> meter.roleChanged(group, change.role()));
        }
        Candidacy before = candidacies.get(group);
        boolean asks = change.role() == Effect.RoleName.CANDIDATE;
        if (before != null && !(asks && before.ballot.equals(change.ballot()))) {
            candidacies.remove(group);
            end(group, before, change.role() == Effect.RoleName.LEADER);
        }
        if (asks && !candidacies.containsKey(group)) {
            candidacies.put(
                    group,
                    new Candidacy(
                            change.ballot(),
                            System.nanoTime(),
                            instruments.flight().beginCandidacy()));
        }
    }

    private void end(GroupId group, Candidacy candidacy, boolean won) {
        candidacy.recorded.ended(instruments.node(), group, candidacy.ballot, won);
        long nanos = System.nanoTime() - candidacy.begun;
        if (instruments.metering().isOn()) {
            instruments.metering().tell(meter -> meter.electionEnded(group, won, nanos));
        }
    }
}
