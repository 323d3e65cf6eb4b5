// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.model.GroupId;
import io.paxos.model.SnapshotInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A snapshot holds what executing its slots gives: all snapshots of one slot have the same bytes, whichever replica took
 * them, and a state restored from one carries the digest of exactly the commands executed up to its slot.
 */
final class SnapshotIsExecution implements Check {

    private static final String PROPERTY = "a snapshot is what executing its slots gives";

    private record Place(GroupId group, long slot) {}

    private final Map<Place, SnapshotInfo> snapshots = new HashMap<>();
    private final Map<GroupId, List<Long>> digests = new HashMap<>();

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void executing(Facts facts, NodeView node, GroupId group, Execution execution) {
        List<Long> all = digests.computeIfAbsent(group, g -> new ArrayList<>(List.of(0L)));
        if (facts.executed(node, group) + 1 == all.size()) {
            all.add(execution.digest(all.get(all.size() - 1)));
        }
    }

    @Override
    public void storing(Facts facts, NodeView node, GroupId group, StoredSnapshot snapshot) {
        SnapshotInfo info = snapshot.info();
        Check.require(
                info.slot() <= facts.log(group).chosenUpTo(),
                PROPERTY,
                node,
                "stores a snapshot of ",
                group,
                " beyond what is chosen: ",
                info);
        SnapshotInfo other = snapshots.putIfAbsent(new Place(group, info.slot()), info);
        Check.require(
                other == null || other.equals(info),
                PROPERTY,
                node,
                "stores ",
                info,
                " of ",
                group,
                " where another store holds ",
                other);
    }

    @Override
    public void restored(Facts facts, NodeView node, GroupId group, Restoration restoration) {
        if (restoration.slot() == restoration.before()) {
            return;
        }
        int commands = facts.executedUpTo(group, restoration.slot());
        long digest = digests.getOrDefault(group, List.of(0L)).get(commands);
        Check.require(
                restoration.commands() == commands && restoration.digest() == digest,
                PROPERTY,
                node,
                "restored ",
                restoration,
                " of ",
                group,
                " where ",
                commands,
                " commands give ",
                digest);
    }
}
