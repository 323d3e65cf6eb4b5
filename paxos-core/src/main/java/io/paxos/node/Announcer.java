// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.model.NodeId;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator's log and the user's listener what has changed. */
final class Announcer {

    private static final Logger LOG = LoggerFactory.getLogger(PaxosNode.class);

    private final NodeId node;
    private final Callbacks callbacks;
    private final NodeListener listener;
    private final CompletableFuture<Void> formed;
    private final ElectionWatch elections;

    /**
     * Nothing has been told yet.
     *
     * @param formed completed when the cluster has formed
     * @param instruments hear of elections
     */
    Announcer(
            NodeId node,
            Callbacks callbacks,
            NodeListener listener,
            CompletableFuture<Void> formed,
            Instruments instruments) {
        this.node = node;
        this.callbacks = callbacks;
        this.listener = listener;
        this.formed = formed;
        this.elections = new ElectionWatch(instruments);
    }

    void formed(Effect.Formed effect) {
        if (effect.stranger() == null) {
            LOG.info("{}: the cluster has formed: {}", node, effect.membership());
        } else if (effect.membership().voters().containsKey(node)) {
            LOG.warn("{}: a stranger to its cluster: {}", node, effect.stranger());
        } else {
            LOG.info("{}: the cluster has formed: {}", node, effect.stranger());
        }
        callbacks.run(() -> formed.complete(null));
        callbacks.runInOrder(() -> listener.formed(effect.membership(), effect.stranger()));
    }

    void turnedStranger(Effect.TurnedStranger effect) {
        LOG.warn("{}: has become a stranger to its cluster, so it votes no more: {}", node, effect.reason());
        callbacks.runInOrder(() -> listener.turnedStranger(effect.reason()));
    }

    void roleChanged(Effect.RoleChanged effect) {
        elections.roleChanged(effect);
        LOG.info(
                "{}: {} in group {} at ballot {}, leader {}",
                node,
                effect.role(),
                effect.group(),
                effect.ballot(),
                effect.leader() == null ? "unknown" : effect.leader());
        callbacks.runInOrder(
                () -> listener.roleChanged(effect.group(), effect.role(), effect.ballot(), effect.leader()));
    }

    void decreeDecided(Effect.DecreeDecided effect) {
        LOG.debug("{}: decree {} is decided: {}", node, effect.name(), effect.value());
        callbacks.runInOrder(() -> listener.decreeDecided(effect.name(), effect.value()));
    }

    void diverged(Effect.Diverged effect) {
        LOG.error("{}: the {}", node, effect.detail());
        callbacks.runInOrder(() -> listener.diverged(effect.group(), effect.odd(), effect.detail()));
    }

    void levelRaised(Effect.LevelRaised effect) {
        LOG.info("{}: group {} works at {}", node, effect.group(), effect.level());
        callbacks.runInOrder(() -> listener.levelRaised(effect.group(), effect.level()));
    }

    /** The cause, if there is one, brings its stack trace to the one line that is logged. */
    void halted(Effect.Halted effect, @Nullable Throwable cause) {
        String what = effect.group() == null ? "the node" : "group " + effect.group();
        LOG.error("{}: {} has halted: {}", node, what, effect.reason(), cause);
        callbacks.runInOrder(() -> listener.halted(effect.group(), effect.reason()));
    }

    /** This node takes no part in a log any more. */
    void closed(GroupHandle handle) {
        LOG.info("{}: log {} is closed at this node", node, handle.id());
        callbacks.run(() -> handle.closed().complete(null));
    }

    /** Nothing will be told any more. */
    void stopped(String reason) {
        callbacks.fail(formed, new RefusedException(Outcome.Reason.STOPPED, reason));
    }
}
