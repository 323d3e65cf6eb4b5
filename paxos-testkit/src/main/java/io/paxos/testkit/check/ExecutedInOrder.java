// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Effect;
import io.paxos.model.GroupId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node hands decided values to its host in order, without a gap and once; a snapshot may skip slots, but it never goes
 * back behind what has been executed (rule 9).
 */
final class ExecutedInOrder implements Check {

    private static final String PROPERTY = "execution never skips a slot nor goes back";

    private final Map<NodeView, Map<GroupId, Long>> handedOver = new HashMap<>();
    private final Map<NodeView, Map<GroupId, Long>> restored = new HashMap<>();

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void stopped(Facts facts, NodeView node) {
        handedOver.remove(node);
        restored.remove(node);
    }

    @Override
    public void closed(Facts facts, NodeView node, GroupId group) {
        handedOver.getOrDefault(node, new HashMap<>()).remove(group);
        restored.getOrDefault(node, new HashMap<>()).remove(group);
    }

    @Override
    public void applying(Facts facts, NodeView node, Effect.Apply apply) {
        long last = apply.first() + apply.values().size() - 1;
        Long before = handOver(node, apply.group(), last);
        // What is restored is the newest snapshot there is, which may be a later one than was to be installed.
        long behind = restored.getOrDefault(node, Map.of()).getOrDefault(apply.group(), 0L);
        Check.require(
                apply.first() == (before == null ? 1 : before + 1)
                        || (before != null && behind > before && apply.first() == behind + 1),
                PROPERTY,
                node,
                "hands over out of order, after slot ",
                before,
                ": ",
                apply);
    }

    @Override
    public void installing(Facts facts, NodeView node, Effect.Install install) {
        Long before = handOver(node, install.group(), install.snapshot().slot());
        Check.require(
                before == null || install.snapshot().slot() > before,
                PROPERTY,
                node,
                "installs what is no newer than slot ",
                before,
                ", handed over before: ",
                install);
        long durable = node.durable().snapshotSlot(install.group());
        Check.require(
                install.snapshot().slot() <= durable,
                PROPERTY,
                node,
                "installs what it does not durably have; the newest snapshot there is of slot ",
                durable,
                ": ",
                install);
        long decided = node.decided(install.group());
        Check.require(
                install.snapshot().slot() <= decided,
                PROPERTY,
                node,
                "installs more than the ",
                decided,
                " slots that it takes for decided: ",
                install);
    }

    private @Nullable Long handOver(NodeView node, GroupId group, long last) {
        return handedOver.computeIfAbsent(node, n -> new HashMap<>()).put(group, last);
    }

    @Override
    public void restored(Facts facts, NodeView node, GroupId group, Restoration restoration) {
        Check.require(
                restoration.slot() >= restoration.before(), PROPERTY, node, "went back in ", group, ": ", restoration);
        restored.computeIfAbsent(node, n -> new HashMap<>()).put(group, restoration.slot());
    }
}
