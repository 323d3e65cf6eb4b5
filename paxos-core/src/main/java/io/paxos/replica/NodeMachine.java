// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.log.Regimes;
import io.paxos.message.Bundle;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.Hello;
import io.paxos.message.Message;
import io.paxos.message.PulseMessage;
import io.paxos.model.Configuration;
import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.Fingerprint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.quorum.QuorumSystem;
import io.paxos.spi.RecoveredState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A whole node as a pure machine: the formation of the cluster, the decrees, the registers, and one {@code Replica}
 * for each log. It has no thread, clock, I/O or randomness of its own; a host feeds it events and carries out the effects in their order.
 * Not safe for use by several threads.
 */
public final class NodeMachine {

    private final Self self;
    private final Function<Set<NodeId>, QuorumSystem> quorums;
    private final Map<Set<NodeId>, String> rules = new HashMap<>();
    private final MachineConfig config;
    private final RandomGenerator random;
    private final Formation formation;
    private final Leaderless leaderless;
    private final UnopenedLogs unopened;
    private final Replicas replicas;
    private final Abilities abilities = new Abilities() {
        /**
         * Of a node that has said nothing at all since this one's start, what is in force in another log in which it votes: it
         * said so then, and its store can be opened by no library that does not support it.
         */
        @Override
        public @Nullable FeatureLevel of(Endpoint node) {
            return formation.levels().isSilent(node)
                    ? replicas.vouched().of(node)
                    : formation.levels().of(node);
        }

        @Override
        public boolean areObserversHeard() {
            return formation.areObserversHeard();
        }
    };

    /** What pulses make this node say, until the end of the step. */
    private final List<Effect> said = new ArrayList<>();

    /** The logs that this step has closed; told at its end, behind all that is answered, and whatever else it comes to. */
    private final List<GroupId> closed = new ArrayList<>();

    private @Nullable Fingerprint fingerprint;
    private @Nullable Gate gate;
    private boolean outdated;
    private @Nullable String halted;

    /**
     * A machine with the memory of the store.
     *
     * @param self who this node is, for this start
     * @param members the configured initial members; the node observes if it is not one of them
     * @param quorums makes the quorum system of the members
     * @param config limits and timeouts
     * @param recovered what the store holds
     * @param random seeded by the host; spreads elections and retries
     */
    public NodeMachine(
            Self self,
            Set<NodeId> members,
            Function<Set<NodeId>, QuorumSystem> quorums,
            MachineConfig config,
            RecoveredState recovered,
            RandomGenerator random) {
        this.self = self;
        this.quorums = quorums;
        this.config = config;
        this.unopened = new UnopenedLogs(self, config, recovered.groups());
        this.random = random;
        this.replicas = new Replicas(config, this::say);
        this.formation = new Formation(
                self,
                members,
                this::rule,
                recovered.formation(),
                recovered.peerStarts(),
                config.resendTicks(),
                config.levels().highest());
        this.leaderless = new Leaderless(self, config, random, recovered, quorums, formation::reached);
    }

    /**
     * What is to be done first. To be called once, before any step.
     *
     * @return the effects, to be carried out in order
     */
    public List<Effect> start() {
        List<Effect> effects = new ArrayList<>(formation.start());
        followFormation(effects);
        if (unopened.holds(GroupId.EPOCHS)) {
            open(GroupId.EPOCHS);
        }
        return effects;
    }

    /**
     * Takes in one event.
     *
     * @param event what happened
     * @return the effects, to be carried out in order
     */
    public List<Effect> step(Event event) {
        return step(List.of(event));
    }

    /**
     * Takes in events that have gathered, in their order, and lets what they cause travel together: the more gather,
     * the more commands share a message and a write.
     *
     * @param events what happened
     * @return the effects, to be carried out in order
     */
    public List<Effect> step(List<? extends Event> events) {
        List<Effect> effects = new ArrayList<>();
        for (Event event : events) {
            take(event, effects);
        }
        replicas.flush(effects);
        if (replicas.contains(GroupId.EPOCHS)) {
            followEpochs(effects);
        }
        Set<Endpoint> voters = replicas.changedVoters();
        if (voters != null) {
            // Whom this node greets, and whose starts it remembers, depends on who votes in its logs.
            formation.voters(voters);
        }
        effects.addAll(formation.predecessors(leaderless.predecessors()));
        effects.addAll(said);
        said.clear();
        if (halted != null) {
            // What a part of this node wanted said in the step that stopped it is not said either.
            effects.removeIf(effect -> effect instanceof Effect.Send || effect instanceof Effect.Persist);
        }
        closed.forEach(group -> effects.add(new Effect.GroupClosed(group)));
        closed.clear();
        return effects;
    }

    /** What the log of the epochs has decided is executed here, in the step that decides it. */
    private void followEpochs(List<Effect> effects) {
        try {
            Event.Applied executed = leaderless.epochLog().absorb(effects);
            while (executed != null) {
                Event.Applied report = executed;
                ifOpen(GroupId.EPOCHS, replica -> replica.applied(report));
                replicas.flush(effects);
                executed = leaderless.epochLog().absorb(effects);
            }
        } catch (RuntimeException e) {
            halt("a rule was found broken: " + e + "; keep the store for analysis and restart", effects);
        }
    }

    private void take(Event event, List<Effect> effects) {
        if (halted != null) {
            if (event instanceof Event.CloseGroup close) {
                close(close.group(), effects);
            } else {
                refuse(event, halted, effects);
            }
            return;
        }
        try {
            if (event instanceof Event.Received received) {
                if (received.envelope().message() instanceof Bundle bundle) {
                    for (Bundle.Part part : bundle.parts()) {
                        receive(received.envelope().with(part), effects);
                    }
                } else {
                    receive(received.envelope(), effects);
                }
            } else if (event instanceof Event.Tick tick) {
                effects.addAll(formation.tick());
                effects.addAll(leaderless.tick(formation.observers()));
                replicas.tick(tick.now(), tick.nanos());
            } else if (event instanceof Event.PeerUp up) {
                effects.addAll(formation.peerUp(up.peer()));
            } else if (event instanceof Event.PeerDown down) {
                replicas.peerDown(down.peer());
            } else if (event instanceof Event.HandOver) {
                replicas.touchAll(Replica::handOver);
            } else if (event instanceof Event.Close) {
                replicas.touchAll(Replica::retire);
            } else if (event instanceof Event.WriteFailed failed) {
                halt("a write failed, so this node cannot vote until it is restarted: " + failed.problem(), effects);
            } else {
                call(event, effects);
            }
            followFormation(effects);
        } catch (RuntimeException e) {
            halt("a rule was found broken: " + e + "; keep the store for analysis and restart", effects);
        }
    }

    private void call(Event event, List<Effect> effects) {
        if (event instanceof Event.OpenGroup open) {
            open(open.group());
        } else if (event instanceof Event.CloseGroup close) {
            close(close.group(), effects);
        } else if (event instanceof Event.Submit submit) {
            ask(
                    submit.request(),
                    submit.group(),
                    replica -> replica.submit(submit.request(), submit.command(), submit.ticks()),
                    effects);
        } else if (event instanceof Event.Read read) {
            ask(
                    read.request(),
                    read.group(),
                    replica -> replica.read(read.request(), read.freshness(), read.ticks()),
                    effects);
        } else if (event instanceof Event.Resolve resolve) {
            ask(resolve.request(), resolve.group(), replica -> replica.resolve(resolve), effects);
        } else if (event instanceof Event.Transfer transfer) {
            ask(transfer.request(), transfer.group(), replica -> replica.transfer(transfer), effects);
        } else if (event instanceof Event.Reconfigure change) {
            if (change.group().equals(GroupId.EPOCHS)) {
                open(GroupId.EPOCHS);
                leaderless.epochLog().asked(change);
            }
            ask(
                    change.request(),
                    change.group(),
                    replica -> replica.reconfigure(change.request(), change.change(), change.ticks()),
                    effects);
        } else if (event instanceof Event.Applied applied) {
            ifOpen(applied.group(), replica -> replica.applied(applied));
        } else if (event instanceof Event.Digested digested) {
            ifOpen(digested.group(), replica -> replica.digested(digested.digest()));
        } else if (event instanceof Event.ApplyFailed failed) {
            ifOpen(
                    failed.group(),
                    replica -> replica.halt("apply of group " + failed.group() + " on " + self.node()
                            + " failed in slot " + failed.slot() + " on command " + failed.command() + ": "
                            + failed.problem() + "; correct the state machine and restart the node"));
        } else {
            snapshot(event, effects);
        }
    }

    private void snapshot(Event event, List<Effect> effects) {
        if (event instanceof Event.ChunkStored part) {
            ifOpen(part.group(), replica -> replica.chunkStored(part));
        } else if (event instanceof Event.ChunkRead part) {
            ifOpen(part.group(), replica -> replica.chunkRead(part));
        } else if (event instanceof Event.SnapshotStored stored) {
            unopened.snapshotStored(stored.group(), stored.snapshot());
            ifOpen(stored.group(), replica -> replica.snapshotStored(stored.snapshot()));
        } else if (event instanceof Event.SnapshotFailed failed) {
            ifOpen(failed.group(), Replica::snapshotFailed);
        } else {
            effects.addAll(leaderless.take(event));
        }
    }

    private void ifOpen(GroupId group, Consumer<Replica> action) {
        Replica replica = replicas.touch(group);
        if (replica != null) {
            action.accept(replica);
        }
    }

    private void receive(Envelope envelope, List<Effect> effects) {
        Endpoint from = envelope.from();
        boolean forMe = envelope.cluster().equals(self.cluster())
                && envelope.to().node().equals(self.node())
                && !from.incarnation().equals(Incarnation.ANY);
        if (!forMe) {
            return;
        }
        if (envelope.message() instanceof Hello hello) {
            boolean meant = envelope.to().incarnation().equals(Incarnation.ANY)
                    || envelope.to().equals(self.endpoint());
            if (meant) {
                StartId before = formation.starts().latest(from);
                effects.addAll(formation.onHello(envelope, hello));
                if (formation.levels().hear(from, envelope.start(), hello.level())) {
                    replicas.touchThoseThatMayRise();
                }
                if (before != null && !before.equals(formation.starts().latest(from))) {
                    replicas.restarted(from);
                }
            }
            return;
        }
        // What was meant for an earlier life of this node must not be answered by this one (rule 1).
        if (!envelope.to().equals(self.endpoint()) || !isLetIn(envelope, effects)) {
            return;
        }
        if (envelope.message() instanceof GroupMessage group) {
            if (group.group().equals(GroupId.EPOCHS)) {
                open(GroupId.EPOCHS);
            }
            Replica replica = replicas.touch(group);
            if (replica != null) {
                replica.receive(from, group.body());
            }
        } else if (envelope.message() instanceof PulseMessage pulse) {
            replicas.onPulse(from, envelope.start(), pulse);
        } else {
            effects.addAll(leaderless.onMessage(from, envelope.message()));
            if (leaderless.isBehind()) {
                open(GroupId.EPOCHS);
            }
        }
    }

    private void say(Endpoint to, Message message) {
        Fingerprint common = fingerprint;
        if (common != null) {
            StartId speaker = formation.isOutdated() ? StartId.NONE : self.startId();
            said.add(new Effect.Send(new Envelope(self.cluster(), self.endpoint(), to, speaker, common, message)));
        }
    }

    private boolean isLetIn(Envelope envelope, List<Effect> effects) {
        if (gate == null) {
            return false;
        }
        Endpoint from = envelope.from();
        return switch (gate.judge(envelope)) {
            case LET_IN -> {
                formation.agrees(from.node());
                yield true;
            }
            case NOTE_START -> {
                effects.addAll(formation.heardStart(from, envelope.start()));
                replicas.restarted(from);
                yield true;
            }
            case TELL -> {
                effects.addAll(formation.remind(from));
                yield false;
            }
            case TURN_AWAY -> false;
        };
    }

    private void open(GroupId group) {
        if (replicas.contains(group)) {
            return;
        }
        MachineConfig its = group.equals(GroupId.EPOCHS) ? EpochLog.configured(config) : config;
        Replica replica = new Replica(self, group, its, unopened.take(group), random);
        replicas.add(group, replica);
        formReplica(replica);
    }

    private void close(GroupId group, List<Effect> effects) {
        // Before anything that could fail: whoever closes it waits to hear that it is closed.
        closed.add(group);
        Replica replica = replicas.touch(group);
        if (replica != null) {
            unopened.put(
                    group, replica.close("node " + self.node() + " has closed log " + group + "; ask another node"));
            effects.addAll(replica.flush());
            replicas.remove(group);
        }
    }

    private void formReplica(Replica replica) {
        Membership formed = formation.formed();
        if (formed != null && fingerprint != null) {
            Regimes regimes = new Regimes(Configuration.initial(formed), replica.alpha(), quorums);
            replica.form(new Peers(
                    self,
                    fingerprint,
                    regimes,
                    formation::askers,
                    formation::acquaintances,
                    () -> !formation.isOutdated(),
                    abilities));
        }
    }

    private void ask(RequestId request, GroupId group, Consumer<Replica> question, List<Effect> effects) {
        Replica replica = replicas.touch(group);
        if (replica == null) {
            effects.add(new Effect.Respond(
                    request, new Outcome.Refused(Outcome.Reason.STOPPED, "group " + group + " is not open here")));
        } else {
            question.accept(replica);
        }
    }

    private void followFormation(List<Effect> effects) {
        Membership formed = formation.formed();
        if (gate == null && formed != null) {
            QuorumSystem system = quorums.apply(formed.voters().keySet());
            fingerprint = Fingerprint.of(formed, rule(formed.voters().keySet()));
            gate = new Gate(
                    self,
                    formation::isVoter,
                    fingerprint,
                    formation.starts(),
                    formation::votes,
                    () -> !formation.isOutdated());
            outdated = formation.isOutdated();
            effects.addAll(leaderless.form(formed, system, fingerprint, formation.votes(), outdated));
            replicas.touchAll(this::formReplica);
        } else if (!outdated && formation.isOutdated() && gate != null) {
            outdated = true;
            effects.addAll(leaderless.observe());
            replicas.touchAll(Replica::observe);
        }
    }

    /** What the configured rule says of itself over these members. Every Hello asks, of the same few sets of members. */
    private String rule(Set<NodeId> members) {
        String known = rules.get(members);
        if (known == null) {
            known = describe(members);
            rules.put(Set.copyOf(members), known);
        }
        return known;
    }

    /** The same, or why it is none, for a rule that has not been asked about these members before. */
    private String describe(Set<NodeId> members) {
        try {
            return config.rule(quorums.apply(members));
        } catch (IllegalArgumentException e) {
            return "none: " + e.getMessage();
        }
    }

    /** The whole node stops: nothing it has promised may be forgotten, so nothing is said any more. */
    private void halt(String reason, List<Effect> effects) {
        String what = "node " + self.node() + " stopped: " + reason;
        halted = what;
        effects.removeIf(effect -> !(effect instanceof Effect.Respond));
        effects.addAll(leaderless.stop(what));
        replicas.touchAll(replica -> replica.halt(what));
        effects.add(new Effect.Halted(null, what));
    }

    private static void refuse(Event event, String reason, List<Effect> effects) {
        if (event instanceof Event.Call call) {
            effects.add(new Effect.Respond(call.request(), new Outcome.Refused(Outcome.Reason.STOPPED, reason)));
        }
    }

    /** How many logs rest: nothing happens to them, and only their leaders' pulses keep them. */
    int resting() {
        return replicas.resting();
    }

    /**
     * How things stand.
     *
     * @return an immutable view
     */
    public NodeStatus status() {
        SortedMap<GroupId, NodeStatus.Group> groups = new TreeMap<>();
        replicas.groups().forEach(group -> groups.put(group, replicas.get(group).status()));
        NodeStatus.Group keeper = groups.remove(GroupId.EPOCHS);
        return new NodeStatus(
                self.endpoint(),
                formation.formed(),
                stranger(),
                formation.notice(),
                halted,
                leaderless.decidedCount(),
                leaderless.openCount(),
                groups,
                electorate(keeper));
    }

    /** Who votes on decrees and registers, as far as this node knows. */
    private NodeStatus.@Nullable Membership electorate(NodeStatus.@Nullable Group keeper) {
        Membership formed = formation.formed();
        if (keeper != null && keeper.membership() != null) {
            return keeper.membership();
        }
        if (formed == null) {
            return null;
        }
        Configuration first = Configuration.initial(formed);
        return new NodeStatus.Membership(
                first, first, 1, NodeStatus.Standing.of(first, self.endpoint(), !formation.isOutdated()));
    }

    private @Nullable String stranger() {
        if (formation.isOutdated() || (leaderless.isInFirstEpoch() && !leaderless.isCounted())) {
            return formation.stranger();
        }
        return leaderless.isCounted()
                ? null
                : "this node is no member of the latest epoch of decrees and registers that it knows of; it goes on"
                        + " proposing and learning, and PaxosNode.membership() can admit it";
    }
}
