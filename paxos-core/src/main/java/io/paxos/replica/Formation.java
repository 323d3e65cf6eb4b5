// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.message.Hello;
import io.paxos.message.Probe;
import io.paxos.model.Endpoint;
import io.paxos.model.EpochMark;
import io.paxos.model.FeatureLevel;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster forms, once (rule 6). Each initial member durably binds itself to one exact vector of incarnations, the
 * one it has heard; the cluster has formed when all of them have bound to the same vector.
 *
 * <p>A member that finds its vector stale, because a store in it was lost, renounces it durably: it will never infer
 * that this vector formed. It binds to another one only when each of the others has renounced the vector too or has
 * lost the store that was in it; so nobody who counts on the old vector is left behind. Whoever hears from a member of
 * a vector that it formed takes that over. A store that took the place of one in the vector is a stranger by that, and
 * can never be bound to again, so it waits until that is so for good: a single one that formed may yet lose its store,
 * and the others, which never formed, would need the new store to begin anew.
 *
 * <p>Every Hello says only what is durable: it leaves with the write it speaks of, or behind it. Pure: no thread, clock
 * or I/O. Not safe for use by several threads.
 */
public final class Formation {

    /** How often a node that is not counted asks, so that the members know where it is. */
    private static final int OBSERVER_ASK_TICKS = 100;

    private final Self self;
    private final SortedSet<NodeId> members;
    private final int helloTicks;
    private final HeardHellos heard;
    private final Askers askers = new Askers();
    private final Function<Set<NodeId>, String> rule;
    private final PeerStarts starts;
    private final PeerLevels levels;
    private final FeatureLevel level;
    private final boolean wasFormed;
    private final Reminders reminders;
    private final Dissent dissent = new Dissent();
    private final Binding binding;
    private long now;
    private long nextAsk;
    private boolean votes;
    private boolean outdated;
    /** The stores that vote in this node's logs, by their latest configurations; empty while it takes part in none. */
    private Set<Endpoint> voters = Set.of();
    /** The stores of which this node takes over what they hold; empty nearly always. */
    private Set<Endpoint> predecessors = Set.of();

    /**
     * A node with what its store holds of the formation.
     *
     * @param self who this node is, for this start
     * @param members the configured initial members, at least one; the node observes if it is not one of them
     * @param rule describes the quorum system over given members
     * @param recovered what the store holds of the formation; what it says of a formed cluster wins over {@code members}
     * @param peerStarts what the store holds of the starts of other stores, and of its own if it was found to be outdated
     * @param helloTicks how often the others are asked until the cluster has formed, in ticks, at least 1
     * @throws IllegalArgumentException if there are no members, or if {@code helloTicks} is less than 1
     */
    public Formation(
            Self self,
            Set<NodeId> members,
            Function<Set<NodeId>, String> rule,
            Write.FormationWrite recovered,
            Map<Endpoint, Long> peerStarts,
            int helloTicks) {
        this(self, members, rule, recovered, peerStarts, helloTicks, FeatureLevel.LATEST);
    }

    /**
     * The same with a feature level to tell the others.
     *
     * @param level the highest that this node supports
     */
    Formation(
            Self self,
            Set<NodeId> members,
            Function<Set<NodeId>, String> rule,
            Write.FormationWrite recovered,
            Map<Endpoint, Long> peerStarts,
            int helloTicks,
            FeatureLevel level) {
        if (members.isEmpty()) {
            throw new IllegalArgumentException("a cluster needs at least one member; none is configured");
        }
        if (helloTicks < 1) {
            throw new IllegalArgumentException("helloTicks must be at least 1, but is " + helloTicks);
        }
        this.self = self;
        this.members = new TreeSet<>(members);
        this.rule = rule;
        this.starts = new PeerStarts(self.endpoint(), self.startId(), peerStarts);
        this.levels = new PeerLevels(starts);
        this.level = level;
        this.reminders = new Reminders(helloTicks);
        this.helloTicks = helloTicks;
        this.heard = new HeardHellos(self.start());
        this.binding = new Binding(self, this.members, rule, starts, heard, recovered);
        this.wasFormed = binding.formed() != null;
        this.votes = isCounted();
        this.outdated = starts.countedInstead() != null;
    }

    private boolean isCounted() {
        return isFormedWith(self.endpoint()) && starts.countedInstead() == null;
    }

    private boolean isFormedWith(Endpoint store) {
        Membership formed = binding.formed();
        return formed != null && formed.counts(store);
    }

    /**
     * Begins to ask, and says at once that the cluster has formed if the store knows. Even then the others are greeted,
     * so that they hear of this start, and this node of a later one, before much else is said. To be called once, before
     * anything else.
     *
     * @return the effects, to be carried out in order
     */
    public List<Effect> start() {
        Membership formed = binding.formed();
        if (formed != null) {
            List<Effect> effects = new ArrayList<>();
            effects.add(new Effect.Formed(formed, stranger()));
            List<Envelope> greetings = ask();
            if (!greetings.isEmpty()) {
                effects.add(say(greetings));
            }
            return effects;
        }
        boolean changed = binding.settle();
        return proceed(changed, List.of(), changed ? List.of() : ask());
    }

    /**
     * Takes in a Hello, and answers it if it asks.
     *
     * @param envelope the Hello with its sender, as the transport has authenticated it, and which start of it speaks
     * @param hello what it said
     * @return the effects, to be carried out in order
     */
    public List<Effect> onHello(Envelope envelope, Hello hello) {
        Endpoint from = envelope.from();
        StartId speaker = envelope.start();
        if (from.node().equals(self.node())
                || from.incarnation().equals(Incarnation.ANY)
                || speaker.equals(StartId.NONE)) {
            return List.of();
        }
        Probe question = hello.probe();
        if (question != null) {
            askers.asked(from, question, now);
        }
        List<Write> news = new ArrayList<>();
        // Only a Hello to this very store says anything about this store.
        if (hello.latest() != null && envelope.to().equals(self.endpoint())) {
            add(news, starts.hearOfOwn(hello.latest()));
        }
        boolean isOutdated = binding.formed() != null && isVoter(from) && starts.isOutdated(from, speaker);
        boolean changed = !isOutdated && heard.accept(from, speaker, hello) && binding.settle();
        Membership formed = binding.formed();
        if (formed != null && !isOutdated) {
            dissent.hear(from, hello, formed, rule());
            hearStart(from, speaker, news);
        }
        boolean answers = question != null || (isOutdated && reminders.isDue(from, now));
        return proceed(changed, news, answers ? List.of(hello(from, null)) : List.of());
    }

    private void hearStart(Endpoint from, StartId speaker, List<Write> news) {
        if (binding.formed() != null && isVoter(from)) {
            add(news, starts.hear(from, speaker));
        }
    }

    /**
     * Who votes in this node's logs has become known.
     *
     * @param known every store that votes in some log, now or in slots to come; empty if there is no log
     */
    void voters(Set<Endpoint> known) {
        voters = Set.copyOf(known);
    }

    /**
     * Of whom this node takes over what they hold (rule 16). They may vote in nothing any more; but what an earlier start of one
     * of their stores holds must not be taken for what they left, so which start is counted is noted of them as well.
     *
     * @param asked those stores; empty while nothing is taken over
     * @return the effects, to be carried out in order
     */
    List<Effect> predecessors(Set<Endpoint> asked) {
        if (asked.equals(predecessors)) {
            return List.of();
        }
        predecessors = Set.copyOf(asked);
        List<Write> news = new ArrayList<>();
        for (HeardHellos.Heard other : heard.all()) {
            if (predecessors.contains(other.endpoint())) {
                hearStart(other.endpoint(), other.speaker(), news);
            }
        }
        return proceed(false, news, List.of());
    }

    /**
     * Whether a store is a voter, of the vector with which the cluster formed or of some log, or one of which this node takes
     * over what it holds.
     */
    boolean isVoter(Endpoint node) {
        return isFormedWith(node) || voters.contains(node) || predecessors.contains(node);
    }

    /** Whether another start of this node's store is counted, so that this one never votes again. */
    boolean isOutdated() {
        return outdated;
    }

    private static void add(List<Write> writes, @Nullable Write write) {
        if (write != null) {
            writes.add(write);
        }
    }

    /**
     * Takes note of a later start of a counted store, which has said something else than a Hello.
     *
     * @param from the store
     * @param speaker the start
     * @return the effects, to be carried out before those of what it said
     */
    List<Effect> heardStart(Endpoint from, StartId speaker) {
        List<Write> news = new ArrayList<>();
        hearStart(from, speaker, news);
        return proceed(false, news, List.of());
    }

    /**
     * Says to someone who is not listened to how this node sees it; not with every message.
     *
     * @param to the sender of what was not listened to
     * @return the effects, to be carried out in order
     */
    List<Effect> remind(Endpoint to) {
        return reminders.isDue(to, now) ? List.of(say(List.of(hello(to, null)))) : List.of();
    }

    /** A node has been found to count alike. */
    void agrees(NodeId node) {
        dissent.agrees(node);
    }

    /** What the other nodes support. */
    PeerLevels levels() {
        return levels;
    }

    /**
     * Whether everybody who learns from this node has had the time to ask it since its start. Whoever was there when the
     * cluster formed has missed nobody.
     */
    boolean areObserversHeard() {
        return !wasFormed || now >= 2L * Math.max(helloTicks, OBSERVER_ASK_TICKS);
    }

    /** What is to be written now that this node has come so far through the epochs (rule 16). */
    Write reached(EpochMark mark) {
        binding.mark(mark);
        return binding.write();
    }

    /** The starts of the counted stores. */
    PeerStarts starts() {
        return starts;
    }

    /**
     * Lets one unit of time pass.
     *
     * @return the effects, to be carried out in order
     */
    public List<Effect> tick() {
        now++;
        if (now < nextAsk) {
            return List.of();
        }
        List<Envelope> says = ask();
        return says.isEmpty() ? List.of() : List.of(say(says));
    }

    /**
     * Greets a peer that the transport believes to be reachable, so that nobody waits for the next round of questions.
     *
     * @param peer which one
     * @return the effects, to be carried out in order
     */
    public List<Effect> peerUp(NodeId peer) {
        if (!unmet().contains(peer)) {
            return List.of();
        }
        return List.of(say(List.of(hello(Endpoint.any(peer), heard.ask()))));
    }

    /**
     * The vector with which the cluster has formed.
     *
     * @return the vector, or null while this node knows of none
     */
    public @Nullable Membership formed() {
        return binding.formed();
    }

    /**
     * Whether this node's votes count.
     *
     * @return true if the cluster has formed with this very store in it, and no other start of it is known to be counted
     */
    public boolean votes() {
        return votes;
    }

    /**
     * Why this node's votes on decrees and registers do not count; in a log its membership says who votes.
     *
     * @return a text for the operator, or null if they count or the cluster has not formed
     */
    public @Nullable String stranger() {
        Membership formed = binding.formed();
        return formed == null || votes ? null : FormationReport.stranger(self, formed, starts.countedInstead());
    }

    /**
     * What the operator should know besides: whom the formation waits for, who counts by another rule or over another
     * vector, or that the members configured on one of them are neither those the cluster formed with nor those who vote
     * in the logs. What is configured has no effect once the cluster has formed.
     *
     * @return a text, or null if there is nothing to say
     */
    public @Nullable String notice() {
        Membership formed = binding.formed();
        if (formed == null) {
            return FormationReport.waiting(self.endpoint(), members, binding.bound(), rule(), heard);
        }
        String others = dissent.report(formed, rule());
        return others == null ? FormationReport.mismatch(self.node(), members, formed, voters) : others;
    }

    /**
     * The endpoints that asked this node not long ago and are not counted by the formed vector: observers and
     * strangers, which want to learn.
     *
     * @return the latest known incarnation of each, at most a few hundred; empty while the cluster has not formed
     */
    public Collection<Endpoint> observers() {
        Membership formed = binding.formed();
        return formed == null ? List.of() : askers.notCountedBy(formed, now);
    }

    /**
     * The endpoints that asked this node not long ago, counted or not.
     *
     * @return the latest known incarnation of each, at most a few hundred; empty while the cluster has not formed
     */
    Collection<Endpoint> askers() {
        return binding.formed() == null ? List.of() : askers.recent(now);
    }

    /** The endpoints that have answered a Hello of this start, counted or not. */
    Collection<Endpoint> acquaintances() {
        return heard.all().stream().map(HeardHellos.Heard::endpoint).toList();
    }

    /**
     * Writes down what is new and says what is to be said: to everyone, if the formation has come further, and to those
     * who are to be answered.
     */
    private List<Effect> proceed(boolean changed, List<Write> news, List<Envelope> answers) {
        Membership formed = binding.formed();
        boolean wasOutdated = outdated;
        votes = isCounted();
        outdated = starts.countedInstead() != null;
        List<Write> writes = new ArrayList<>(news);
        List<Envelope> says = new ArrayList<>();
        if (changed) {
            writes.add(0, binding.write());
            if (formed != null) {
                heard.all().forEach(other -> {
                    dissent.hear(other.endpoint(), other.hello(), formed, rule());
                    hearStart(other.endpoint(), other.speaker(), writes);
                });
            }
            says.addAll(tellEveryone());
        }
        says.addAll(answers);
        List<Effect> effects = new ArrayList<>();
        if (!writes.isEmpty() || !says.isEmpty()) {
            effects.add(new Effect.Persist(writes, says));
        }
        if (changed && formed != null) {
            effects.add(new Effect.Formed(formed, stranger()));
        }
        if (outdated && !wasOutdated && formed != null && isVoter(self.endpoint())) {
            effects.add(new Effect.TurnedStranger(String.valueOf(stranger())));
        }
        return effects;
    }

    /** A Hello waits for the writes before it, so that it says nothing that a crash could take back. */
    private static Effect say(List<Envelope> hellos) {
        return new Effect.Persist(List.of(), hellos);
    }

    /** One Hello to everyone else, which is also a question as long as there is something to ask. */
    private List<Envelope> tellEveryone() {
        return hellos(others(), unmet().isEmpty() ? null : heard.ask());
    }

    private List<Envelope> ask() {
        Set<NodeId> unmet = unmet();
        return hellos(unmet, unmet.isEmpty() ? null : heard.ask());
    }

    /** They go to whichever incarnation is there: to find out which one that is, is what they are for. */
    private List<Envelope> hellos(Set<NodeId> nodes, @Nullable Probe question) {
        nextAsk = now + (binding.formed() == null ? helloTicks : Math.max(helloTicks, OBSERVER_ASK_TICKS));
        List<Envelope> hellos = new ArrayList<>();
        for (NodeId node : nodes) {
            hellos.add(hello(Endpoint.any(node), question));
        }
        return hellos;
    }

    /** Whom to ask: a node that is counted, those it has not met in this start; any other node, everyone, for ever. */
    private Set<NodeId> unmet() {
        Membership formed = binding.formed();
        if (formed == null || outdated) {
            return others();
        }
        Set<Endpoint> relevant = voters.isEmpty() ? Set.copyOf(formed.endpoints()) : voters;
        if (!relevant.contains(self.endpoint())) {
            return others();
        }
        Set<NodeId> unmet = names(relevant);
        unmet.addAll(names(predecessors));
        unmet.removeIf(node -> node.equals(self.node()) || heard.of(node) != null);
        return unmet;
    }

    private static Set<NodeId> names(Set<Endpoint> stores) {
        Set<NodeId> names = new TreeSet<>();
        stores.forEach(store -> names.add(store.node()));
        return names;
    }

    private Set<NodeId> others() {
        Set<NodeId> nodes = new TreeSet<>(members);
        Membership bound = binding.bound();
        if (bound != null) {
            nodes.addAll(bound.voters().keySet());
        }
        Membership formed = binding.formed();
        if (formed != null) {
            nodes.addAll(formed.voters().keySet());
        }
        nodes.addAll(names(voters));
        nodes.addAll(names(predecessors));
        nodes.remove(self.node());
        return nodes;
    }

    private String rule() {
        Membership formed = binding.formed();
        if (formed != null) {
            return rule.apply(formed.voters().keySet());
        }
        Membership bound = binding.bound();
        return rule.apply(bound == null ? members : bound.voters().keySet());
    }

    private Envelope hello(Endpoint to, @Nullable Probe question) {
        return self.envelope(
                to,
                new Hello(
                        question,
                        askers.latest(to.node()),
                        binding.bound(),
                        binding.formed(),
                        binding.renounced(),
                        rule(),
                        starts.latest(to),
                        level));
    }
}
