// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.DecreeMessage;
import io.paxos.message.EpochMessage;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Configuration;
import io.paxos.model.Endpoint;
import io.paxos.model.EpochMark;
import io.paxos.model.Fingerprint;
import io.paxos.model.Membership;
import io.paxos.quorum.QuorumSystem;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the membership of the decrees and registers of one node changes (rule 16, {@code docs/spec/Epochs.tla}). Epoch 0 is the
 * vector with which the cluster formed; which ones follow is decided elsewhere, in a log, and told here in order.
 *
 * <p>A node that learns of the next epoch seals the one it votes in: it writes down that it has come to the next, and never
 * votes in an earlier one again. If it is a member of the next one it votes there as soon as it holds, durably, what the
 * sealed one has left ({@link Inheritance}). A member that does not hold what was left for the sealed epoch itself does not
 * seal it before it does: it would speak for it and know nothing. What is under way here begins anew in the latest epoch.
 *
 * <p>There is one state of each name, not one for each epoch. So nothing has to be dropped when an epoch is over; and a node
 * that tells another one what it holds may tell more than it held when it sealed, which is as true.
 *
 * <p>Pure: no thread, clock, I/O or randomness of its own. Not safe for use by several threads.
 */
public final class Epochs {

    private final Self self;
    private final DecreeConfig config;
    private final Decrees decrees;
    private final Registers registers;
    private final Function<EpochMark, Write> record;
    private final Legacy legacy;
    private final Outbox out;
    private final Settlement settlement;
    private final List<Electorate> known = new ArrayList<>();
    private EpochMark mark;
    private boolean observes;
    private long heardOf;
    private @Nullable Inheritance inheritance;
    private @Nullable String stopped;

    /**
     * The epochs with the memory of the store.
     *
     * @param self who this node is, for this start
     * @param config intervals, those of the decrees
     * @param decrees the decrees of this node
     * @param registers the registers of this node
     * @param recovered how far this node had come
     * @param record what is to be written when it has come further
     */
    public Epochs(
            Self self,
            DecreeConfig config,
            Decrees decrees,
            Registers registers,
            EpochMark recovered,
            Function<EpochMark, Write> record) {
        this.self = self;
        this.config = config;
        this.decrees = decrees;
        this.registers = registers;
        this.record = record;
        this.legacy = new Legacy(decrees, registers, self.start(), config.pageBytes());
        this.out = new Outbox(self);
        this.settlement = new Settlement(out, config.resendTicks());
        this.mark = recovered;
        this.heardOf = recovered.epoch();
    }

    /**
     * The cluster has formed. To be called once, after the same of the decrees and registers and in the same step.
     *
     * @param membership the members of epoch 0
     * @param quorums how many suffice; over exactly the members
     * @param fingerprint what the nodes of this cluster have in common
     * @param isOutdated whether another start of this node's store is counted
     * @return the effects, to be carried out in order
     */
    public List<Effect> form(Membership membership, QuorumSystem quorums, Fingerprint fingerprint, boolean isOutdated) {
        out.form(fingerprint);
        known.add(Electorate.of(membership, quorums));
        if (isOutdated) {
            observes = true;
            out.observe();
        }
        List<Effect> effects = new ArrayList<>();
        if (mark.epoch() > 0) {
            // It votes in none that it has sealed, though it does not know yet who votes in the one it has come to.
            turn(effects);
        }
        return effects;
    }

    /**
     * This node has been told that its store is not counted any more (rule 7): it votes in no epoch from now on.
     *
     * @return the effects, to be carried out in order
     */
    public List<Effect> observe() {
        observes = true;
        out.observe();
        inheritance = null;
        List<Effect> effects = new ArrayList<>();
        turn(effects);
        return effects;
    }

    /**
     * The next epoch has been decided.
     *
     * @param configuration its members; its version is the number of the epoch
     * @param quorums how many of them suffice
     * @return the effects, to be carried out in order
     * @throws IllegalStateException if an epoch was left out; the host must halt the node
     */
    public List<Effect> decided(Configuration configuration, QuorumSystem quorums) {
        if (configuration.version() != known.size()) {
            throw new IllegalStateException(
                    "after epoch " + (known.size() - 1) + " comes " + configuration.version() + "; one was left out");
        }
        known.add(Electorate.of(configuration.version(), configuration.voters(), quorums));
        heardOf = Math.max(heardOf, configuration.version());
        List<Effect> effects = new ArrayList<>();
        if (stopped == null) {
            advance(effects);
            turn(effects);
        }
        return effects;
    }

    private Electorate latest() {
        return known.get(known.size() - 1);
    }

    private @Nullable Electorate electorate(long epoch) {
        return epoch < known.size() ? known.get((int) epoch) : null;
    }

    private boolean isMemberOf(long epoch) {
        Electorate members = electorate(epoch);
        return members != null && members.counts(self.endpoint());
    }

    /** Comes as far as it may: seals what it holds all of, or never voted in, and begins to take over what it lacks. */
    private void advance(List<Effect> effects) {
        EpochMark before = mark;
        while (mark.epoch() < latest().epoch() && (mark.isReady() || !isMemberOf(mark.epoch()))) {
            mark = new EpochMark(mark.epoch() + 1, mark.covered());
        }
        if (!before.equals(mark)) {
            out.write(record.apply(mark));
        }
        if (mark.isReady() || observes || !isMemberOf(mark.epoch())) {
            inheritance = null;
        } else if (inheritance == null || inheritance.epoch() != mark.epoch()) {
            takeOver(mark.epoch());
        } else {
            inheritance.alsoAsk(new LinkedHashSet<>(latest().endpoints()));
        }
        effects.addAll(out.drain());
        conclude(effects);
    }

    private void takeOver(long epoch) {
        Electorate before = known.get((int) epoch - 1);
        Set<Endpoint> asked = new LinkedHashSet<>(before.endpoints());
        asked.addAll(known.get((int) epoch).endpoints());
        asked.addAll(latest().endpoints());
        boolean holdsOwn = mark.covered() >= epoch - 1;
        inheritance = new Inheritance(self, epoch, before, asked, holdsOwn, out, config.resendTicks());
    }

    /** Votes from now on if it holds all it needs. What it took over was written before this is. */
    private void conclude(List<Effect> effects) {
        EpochMark covered = inheritance == null ? null : inheritance.covered();
        if (covered == null) {
            return;
        }
        long reached = Math.max(mark.epoch(), Math.min(covered.covered(), latest().epoch()));
        inheritance = null;
        mark = new EpochMark(reached, reached);
        out.write(record.apply(mark));
        effects.addAll(out.drain());
        advance(effects);
    }

    private void turn(List<Effect> effects) {
        boolean isCounted = !observes && isMemberOf(mark.epoch());
        Tenure tenure = new Tenure(mark, isCounted, latest());
        effects.addAll(decrees.turnTo(tenure));
        effects.addAll(registers.turnTo(tenure));
    }

    /**
     * Takes in a message.
     *
     * @param from the sender, as the transport has authenticated it, which may be this node itself
     * @param message what it said
     * @return the effects, to be carried out in order
     * @throws IllegalStateException if the rules of Paxos turn out to be broken; the host must halt the node
     */
    public List<Effect> onMessage(Endpoint from, EpochMessage message) {
        if (known.isEmpty() || stopped != null) {
            return List.of();
        }
        List<Effect> effects = new ArrayList<>();
        if (message instanceof EpochMessage.In in) {
            hearOf(in.epoch());
            if (in.part() instanceof DecreeMessage decree) {
                effects.addAll(decrees.onMessage(from, in.epoch(), decree));
            } else if (in.part() instanceof RegisterMessage register) {
                effects.addAll(registers.onMessage(from, in.epoch(), register));
            }
        } else if (message instanceof EpochMessage.Page page) {
            hearOf(page.mark().epoch());
            onPage(from, page, effects);
        } else if (message instanceof EpochMessage.Pull pull) {
            hearOf(pull.epoch());
            onPull(from, pull);
        } else if (message instanceof EpochMessage.Ask) {
            tellMark(from);
        } else if (message instanceof EpochMessage.At at) {
            hearOf(at.mark().epoch());
            settlement.heard(from, at.mark());
            settlement.advance(latest());
        }
        effects.addAll(out.drain());
        return effects;
    }

    private void hearOf(long epoch) {
        heardOf = Math.max(heardOf, epoch);
    }

    private void tellMark(Endpoint to) {
        if (!observes) {
            out.sendAfter(List.of(), to, new EpochMessage.At(mark));
        }
    }

    /**
     * Whoever has sealed the epoch before, and knew what was left for it, has something to tell. A store that is not counted
     * any more says nothing: another start of it has voted since, and what that held is not in it.
     */
    private void onPull(Endpoint from, EpochMessage.Pull pull) {
        if (observes) {
            return;
        }
        if (mark.epoch() < pull.epoch() || mark.covered() < pull.epoch() - 1) {
            tellMark(from);
            return;
        }
        Legacy.Part part = legacy.read(pull.from());
        out.sendAfter(
                List.of(), from, new EpochMessage.Page(pull.probe(), mark, pull.from(), part.held(), part.next()));
    }

    private void onPage(Endpoint from, EpochMessage.Page page, List<Effect> effects) {
        Inheritance under = inheritance;
        if (under == null || !under.awaits(from, page)) {
            return;
        }
        for (EpochMessage.Held held : page.held()) {
            if (held instanceof EpochMessage.Undecided decree) {
                effects.addAll(decrees.takeOver(decree));
            } else if (held instanceof EpochMessage.Decided decision) {
                effects.addAll(decrees.takeOver(decision));
            } else if (held instanceof EpochMessage.OfRegister register) {
                effects.addAll(registers.takeOver(register));
            }
        }
        under.taken(from, page);
        EpochMark before = mark;
        conclude(effects);
        if (!before.equals(mark)) {
            turn(effects);
        }
    }

    /**
     * A change that a call of this node asked for has been decided; it is answered when those who left are needed no more.
     *
     * @param request the call
     * @param done what it is to be answered with
     * @param deadline until when to wait for that, as {@link #deadlineIn} told when the call was made
     * @return the effects, to be carried out in order
     */
    public List<Effect> settle(RequestId request, Outcome.Reconfigured done, long deadline) {
        settlement.await(request, done, deadline);
        if (stopped != null) {
            settlement.stop(stopped);
        } else {
            settlement.advance(latest());
        }
        return out.drain();
    }

    /**
     * When the time of a call that is made now is over.
     *
     * @param ticks how long it may take, in ticks
     * @return the deadline, counted in ticks of this object
     */
    public long deadlineIn(int ticks) {
        return settlement.deadlineIn(ticks);
    }

    /**
     * Of whom this node takes over what they hold: it has to know which start of each of them is counted, though they may vote
     * in nothing any more.
     *
     * @return all whom it asks; empty while it takes over nothing
     */
    public Set<Endpoint> predecessors() {
        return inheritance == null ? Set.of() : inheritance.asked();
    }

    /**
     * Lets one unit of time pass.
     *
     * @return the effects, to be carried out in order
     */
    public List<Effect> tick() {
        settlement.tick();
        if (known.isEmpty() || stopped != null) {
            return List.of();
        }
        if (inheritance != null) {
            inheritance.tick();
        }
        settlement.advance(latest());
        return out.drain();
    }

    /**
     * Stops for good.
     *
     * @param reason why, for the callers
     * @return the effects, to be carried out in order
     */
    public List<Effect> stop(String reason) {
        if (stopped == null) {
            stopped = reason;
            inheritance = null;
            settlement.stop(reason);
        }
        return out.drain();
    }

    /**
     * Whether somebody speaks of an epoch that this node does not know: it should learn of it from the log.
     *
     * @return true if it is behind
     */
    public boolean isBehind() {
        return heardOf >= known.size();
    }

    /**
     * How far this node has come.
     *
     * @return as it is, or will be, written
     */
    public EpochMark mark() {
        return mark;
    }

    /**
     * Whether this node is a member of the latest epoch that it knows of.
     *
     * @return true if its votes count there, or will as soon as it holds what was left for it
     */
    public boolean isCounted() {
        return !known.isEmpty() && !observes && isMemberOf(latest().epoch());
    }
}
