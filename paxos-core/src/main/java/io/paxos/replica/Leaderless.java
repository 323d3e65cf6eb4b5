// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.decree.DecreeConfig;
import io.paxos.decree.Decrees;
import io.paxos.decree.Epochs;
import io.paxos.decree.Registers;
import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Self;
import io.paxos.message.DecreeMessage;
import io.paxos.message.EpochMessage;
import io.paxos.message.Message;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Endpoint;
import io.paxos.model.EpochMark;
import io.paxos.model.Fingerprint;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.quorum.QuorumSystem;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What a node does without a leader: decrees, registers, and the epochs by which both move with the membership (rules 15
 * and 16).
 */
final class Leaderless {

    private final Decrees decrees;
    private final Registers registers;
    private final Epochs epochs;
    private final EpochLog epochLog;

    /** @param reached makes the record of how far this node has come through the epochs */
    Leaderless(
            Self self,
            MachineConfig config,
            RandomGenerator random,
            RecoveredState recovered,
            Function<Set<NodeId>, QuorumSystem> quorums,
            Function<EpochMark, Write> reached) {
        DecreeConfig limits = new DecreeConfig(
                        config.resendTicks(), config.decreesInFlight(), config.queueBytes(), config.maxValueBytes())
                .withMessagesOf(config.messageBytes());
        this.decrees = new Decrees(self, limits, random, recovered.decrees(), recovered.decided());
        this.registers = new Registers(self, limits, random, recovered.registers());
        this.epochs = new Epochs(
                self, limits, decrees, registers, recovered.formation().mark(), reached);
        this.epochLog = new EpochLog(epochs, quorums, config);
    }

    /** The log whose memberships are the epochs. */
    EpochLog epochLog() {
        return epochLog;
    }

    /** Takes in a call about a decree or a register. */
    List<Effect> take(Event event) {
        if (event instanceof Event.Agree agree) {
            return decrees.agree(agree.request(), agree.name(), agree.value(), agree.ticks());
        }
        if (event instanceof Event.Learn learn) {
            return decrees.learn(learn.request(), learn.name(), learn.ticks());
        }
        if (event instanceof Event.Await await) {
            return decrees.await(await.request(), await.name(), await.ticks());
        }
        if (event instanceof Event.ReadRegister read) {
            return registers.read(read.request(), read.name(), read.ticks());
        }
        if (event instanceof Event.ChangeRegister change) {
            return registers.change(change.request(), change.name(), change.change(), change.ticks());
        }
        if (event instanceof Event.Computed computed) {
            return registers.computed(computed.request(), computed.name(), computed.next());
        }
        throw new IllegalArgumentException("unknown event " + event);
    }

    /** Takes in a message, or does nothing if it is about something else. */
    List<Effect> onMessage(Endpoint from, Message message) {
        if (message instanceof DecreeMessage decree) {
            return decrees.onMessage(from, decree);
        }
        if (message instanceof RegisterMessage register) {
            return registers.onMessage(from, register);
        }
        if (message instanceof EpochMessage epoch) {
            return epochs.onMessage(from, epoch);
        }
        return List.of();
    }

    /** Whether an epoch was heard of that the log of the epochs, as far as this node knows it, does not have. */
    boolean isBehind() {
        return epochs.isBehind();
    }

    /**
     * Time has passed.
     *
     * @param observers who is told what was decided, without a vote
     */
    List<Effect> tick(Collection<Endpoint> observers) {
        decrees.observers(observers);
        List<Effect> effects = new ArrayList<>(decrees.tick());
        effects.addAll(registers.tick());
        effects.addAll(epochs.tick());
        return effects;
    }

    /**
     * The cluster has formed.
     *
     * @param isVoter whether this node votes in the first epoch
     * @param isOutdated whether its store is not counted any more
     */
    List<Effect> form(
            Membership formed, QuorumSystem quorums, Fingerprint fingerprint, boolean isVoter, boolean isOutdated) {
        List<Effect> effects = new ArrayList<>(decrees.form(formed, quorums, fingerprint, isVoter));
        effects.addAll(registers.form(formed, quorums, fingerprint, isVoter));
        effects.addAll(epochs.form(formed, quorums, fingerprint, isOutdated));
        if (isOutdated) {
            effects.addAll(fallSilent());
        }
        return effects;
    }

    /** This node has been told that its store is not counted any more (rule 7): from now on it only learns. */
    List<Effect> observe() {
        List<Effect> effects = new ArrayList<>(epochs.observe());
        effects.addAll(fallSilent());
        return effects;
    }

    /** It may be a member of an epoch that it does not know yet, so it names its start in nothing that it says. */
    private List<Effect> fallSilent() {
        List<Effect> effects = new ArrayList<>(decrees.observe());
        effects.addAll(registers.observe());
        return effects;
    }

    /** Of whom it takes over what they hold. */
    Set<Endpoint> predecessors() {
        return epochs.predecessors();
    }

    /** Answers every caller, and takes in nothing more. */
    List<Effect> stop(String reason) {
        List<Effect> effects = new ArrayList<>(decrees.stop(reason));
        effects.addAll(registers.stop(reason));
        effects.addAll(epochs.stop(reason));
        return effects;
    }

    /** Whether this node is a member of the latest epoch that it knows of. */
    boolean isCounted() {
        return epochs.isCounted();
    }

    /** Whether everything is as the cluster has formed. */
    boolean isInFirstEpoch() {
        return epochs.mark().epoch() == 0;
    }

    long decidedCount() {
        return decrees.decidedCount();
    }

    int openCount() {
        return decrees.openCount();
    }
}
