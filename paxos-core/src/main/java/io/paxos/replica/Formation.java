package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.message.Hello;
import io.paxos.message.Probe;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster forms, once (rule 6). Each initial member durably binds itself to one exact vector of incarnations, the
 * one it has heard; the cluster has formed when all of them have bound to the same vector.
 *
 * <p>A member that finds its vector stale, because a store in it was lost, renounces it durably: it will never infer
 * that this vector formed. It binds to another one only when each of the others has renounced the vector too or has
 * lost the store that was in it; so nobody who counts on the old vector is left behind. Whoever hears from a member of
 * a vector that it formed takes that over, and is a stranger if its own store is not in it.
 *
 * <p>Every Hello says only what is durable: it leaves with the write it speaks of, or behind it. Pure: no thread, clock
 * or I/O. Not safe for use by several threads.
 */
public final class Formation {

    /** How often a node that is not counted asks, so that the members know where it is. */
    private static final int OBSERVER_ASK_TICKS = 100;

    /** Beyond so many, renounced vectors to which nobody known is bound any more are forgotten. */
    private static final int RENOUNCED_KEPT = 32;

    private final Self self;
    private final SortedSet<NodeId> members;
    private final int helloTicks;
    private final HeardHellos heard;
    private final Askers askers = new Askers();
    private final List<Membership> renounced;
    private @Nullable Membership bound;
    private @Nullable Membership formed;
    private long now;
    private long nextAsk;

    /**
     * A node with what its store holds of the formation.
     *
     * @param self who this node is, for this start
     * @param members the configured initial members, at least one; the node observes if it is not one of them
     * @param recovered what the store holds; what it says of a formed cluster wins over {@code members}
     * @param helloTicks how often the others are asked until the cluster has formed, in ticks, at least 1
     * @throws IllegalArgumentException if there are no members, or if {@code helloTicks} is less than 1
     */
    public Formation(Self self, Set<NodeId> members, Write.FormationWrite recovered, int helloTicks) {
        if (members.isEmpty()) {
            throw new IllegalArgumentException("a cluster needs at least one member; none is configured");
        }
        if (helloTicks < 1) {
            throw new IllegalArgumentException("helloTicks must be at least 1, but is " + helloTicks);
        }
        this.self = self;
        this.members = new TreeSet<>(members);
        this.helloTicks = helloTicks;
        this.heard = new HeardHellos(self.start());
        this.bound = recovered.bound();
        this.formed = recovered.formed();
        this.renounced = new ArrayList<>(recovered.renounced());
    }

    /**
     * Begins to ask, or says at once that the cluster has formed, if the store knows. To be called once, before
     * anything else.
     *
     * @return the effects, to be carried out in order
     */
    public List<Effect> start() {
        if (formed != null) {
            List<Effect> effects = new ArrayList<>();
            effects.add(new Effect.Formed(formed, stranger()));
            if (!votes()) {
                effects.add(say(broadcast()));
            }
            return effects;
        }
        return proceed(settle(), true, List.of());
    }

    /**
     * Takes in a Hello, and answers it if it asks.
     *
     * @param from the sender, as the transport has authenticated it
     * @param hello what it said
     * @return the effects, to be carried out in order
     */
    public List<Effect> onHello(Endpoint from, Hello hello) {
        if (from.node().equals(self.node()) || from.incarnation().equals(Incarnation.ANY)) {
            return List.of();
        }
        Probe question = hello.probe();
        if (question != null) {
            askers.asked(from, question, now);
        }
        boolean changed = heard.accept(from, hello) && settle();
        List<Envelope> answer = question == null ? List.of() : List.of(hello(from, null));
        return proceed(changed, changed, answer);
    }

    /**
     * Lets one unit of time pass.
     *
     * @return the effects, to be carried out in order
     */
    public List<Effect> tick() {
        now++;
        if (votes() || now < nextAsk) {
            return List.of();
        }
        return List.of(say(broadcast()));
    }

    /**
     * Greets a peer that the transport believes to be reachable, so that nobody waits for the next round of questions.
     *
     * @param peer which one
     * @return the effects, to be carried out in order
     */
    public List<Effect> peerUp(NodeId peer) {
        if (votes() || peer.equals(self.node()) || !addressees().contains(peer)) {
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
        return formed;
    }

    /**
     * Whether this node's votes count.
     *
     * @return true if the cluster has formed with this very store in it
     */
    public boolean votes() {
        return formed != null && formed.counts(self.endpoint());
    }

    /**
     * Why this node's votes do not count.
     *
     * @return a text for the operator, or null if they count or the cluster has not formed
     */
    public @Nullable String stranger() {
        return formed == null || votes() ? null : FormationReport.stranger(self.endpoint(), formed);
    }

    /**
     * What the operator should know besides: whom the formation waits for, or that the configured members are not
     * those the cluster formed with. The formed vector is in force in any case.
     *
     * @return a text, or null if there is nothing to say
     */
    public @Nullable String notice() {
        if (formed == null) {
            return FormationReport.waiting(self.endpoint(), members, bound, heard);
        }
        return FormationReport.mismatch(self.node(), members, formed, heard);
    }

    /**
     * The endpoints that asked this node not long ago and are not counted by the formed vector: observers and
     * strangers, which want to learn.
     *
     * @return the latest known incarnation of each, at most a few hundred; empty while the cluster has not formed
     */
    public Collection<Endpoint> observers() {
        return formed == null ? List.of() : askers.notCountedBy(formed, now);
    }

    /** Draws every conclusion that what has been heard allows; says whether the durable state changes by it. */
    private boolean settle() {
        if (formed != null) {
            return false;
        }
        if (adopt()) {
            return true;
        }
        boolean changed = renounceStale();
        changed |= bind();
        changed |= infer();
        return changed;
    }

    private boolean adopt() {
        for (HeardHellos.Heard other : heard.all()) {
            Membership told = other.hello().formed();
            if (told != null && told.counts(other.endpoint())) {
                // Also where this store is not in it: what it learns from now on belongs to that cluster, so it must
                // never vote in another one.
                formed = told;
                return true;
            }
        }
        return false;
    }

    private boolean renounceStale() {
        boolean changed = false;
        if (bound != null && (!bound.counts(self.endpoint()) || heard.isOutlived(bound, 0))) {
            // Whoever was bound to had been heard before; what is heard instead now came later.
            changed = renounce(bound);
        }
        for (HeardHellos.Heard other : heard.all()) {
            Membership theirs = other.hello().bound();
            if (theirs != null && (isOutlivedHere(theirs) || heard.isOutlived(theirs, other.boundSince()))) {
                changed |= renounce(theirs);
            }
        }
        return changed;
    }

    private boolean isOutlivedHere(Membership vector) {
        Incarnation counted = vector.voters().get(self.node());
        return counted != null && !counted.equals(self.endpoint().incarnation());
    }

    private boolean renounce(Membership vector) {
        if (renounced.contains(vector)) {
            return false;
        }
        renounced.add(vector);
        if (renounced.size() > RENOUNCED_KEPT) {
            // A vector with a lost store in it is never heard as current again, so it cannot be bound to again either;
            // and should someone turn out to be bound to it, it is renounced anew.
            renounced.removeIf(old -> !old.equals(vector) && !isBoundTo(old));
        }
        return true;
    }

    private boolean isBoundTo(Membership vector) {
        return vector.equals(bound)
                || heard.all().stream()
                        .anyMatch(other -> vector.equals(other.hello().bound()));
    }

    private @Nullable Incarnation current(NodeId node) {
        return node.equals(self.node()) ? self.endpoint().incarnation() : heard.current(node);
    }

    private boolean bind() {
        if (!members.contains(self.node()) || !isFree()) {
            return false;
        }
        TreeMap<NodeId, Incarnation> vector = new TreeMap<>();
        for (NodeId member : members) {
            Incarnation current = current(member);
            if (current == null) {
                return false;
            }
            vector.put(member, current);
        }
        Membership candidate = new Membership(vector);
        if (renounced.contains(candidate)) {
            return false;
        }
        bound = candidate;
        return true;
    }

    /** Whether this node may bind: it never did, or everyone has given up the vector it is bound to. */
    private boolean isFree() {
        Membership old = bound;
        if (old == null) {
            return true;
        }
        if (!renounced.contains(old)) {
            return false;
        }
        for (Endpoint voter : old.endpoints()) {
            if (!voter.node().equals(self.node()) && !hasGivenUp(voter, old)) {
                return false;
            }
        }
        return true;
    }

    private boolean hasGivenUp(Endpoint voter, Membership vector) {
        HeardHellos.Heard other = heard.of(voter.node());
        return other != null
                && (!other.endpoint().equals(voter) || other.hello().renounced().contains(vector));
    }

    private boolean infer() {
        Membership vector = bound;
        if (vector == null || renounced.contains(vector) || !vector.counts(self.endpoint())) {
            return false;
        }
        for (Endpoint voter : vector.endpoints()) {
            if (!voter.node().equals(self.node()) && !isBound(voter, vector)) {
                return false;
            }
        }
        formed = vector;
        return true;
    }

    private boolean isBound(Endpoint voter, Membership vector) {
        HeardHellos.Heard other = heard.of(voter.node());
        return other != null
                && other.endpoint().equals(voter)
                && vector.equals(other.hello().bound())
                && !other.hello().renounced().contains(vector);
    }

    private List<Effect> proceed(boolean changed, boolean tellAll, List<Envelope> answers) {
        List<Envelope> says = new ArrayList<>(tellAll ? broadcast() : List.of());
        says.addAll(answers);
        List<Effect> effects = new ArrayList<>();
        if (changed) {
            effects.add(new Effect.Persist(List.of(new Write.FormationWrite(bound, formed, renounced)), says));
            if (formed != null) {
                effects.add(new Effect.Formed(formed, stranger()));
            }
        } else if (!says.isEmpty()) {
            effects.add(say(says));
        }
        return effects;
    }

    /** A Hello waits for the writes before it, so that it says nothing that a crash could take back. */
    private static Effect say(List<Envelope> hellos) {
        return new Effect.Persist(List.of(), hellos);
    }

    /**
     * One Hello to everyone else; a question, unless this node is counted and has nothing more to ask. It goes to
     * whichever incarnation is there: to find out which one that is, is what it is for.
     */
    private List<Envelope> broadcast() {
        Probe question = votes() ? null : heard.ask();
        nextAsk = now + (formed == null ? helloTicks : Math.max(helloTicks, OBSERVER_ASK_TICKS));
        List<Envelope> hellos = new ArrayList<>();
        for (NodeId node : addressees()) {
            hellos.add(hello(Endpoint.any(node), question));
        }
        return hellos;
    }

    private Set<NodeId> addressees() {
        Set<NodeId> nodes = new TreeSet<>(members);
        if (bound != null) {
            nodes.addAll(bound.voters().keySet());
        }
        if (formed != null) {
            nodes.addAll(formed.voters().keySet());
        }
        nodes.remove(self.node());
        return nodes;
    }

    private Envelope hello(Endpoint to, @Nullable Probe question) {
        return self.envelope(to, new Hello(question, askers.latest(to.node()), bound, formed, renounced));
    }
}
