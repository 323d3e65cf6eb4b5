// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.message.Hello;
import io.paxos.message.Probe;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of the others while a cluster forms, and which of their Hellos it may believe. A Hello is
 * believed only if it answers a question of this very start; of two incarnations of one name, the later one is current.
 *
 * <p>Which is the later one? A question is a point in time: whoever echoes it lived after it was asked. So an
 * incarnation that echoes a question asked after another one had been heard outlived that other one. An echo of an
 * older question proves nothing, for a question may reach one incarnation late and another early; such a Hello is
 * passed over, and the next question settles it. Of one incarnation, an earlier start than the one heard is not believed,
 * nor is another one of the same number: the store was restored or copied (rule 7).
 */
final class HeardHellos {

    private final long start;
    private final Map<NodeId, Heard> heard = new TreeMap<>();
    private long asked;

    /**
     * Nothing heard yet.
     *
     * @param start the nonce of this start, which marks its questions
     */
    HeardHellos(long start) {
        this.start = start;
    }

    /** A new question, later than all before. */
    Probe ask() {
        asked++;
        return new Probe(start, asked);
    }

    /**
     * Takes a Hello in, if it may be believed.
     *
     * @param from the sender
     * @param speaker which start of the sender's store says it
     * @param hello what it said
     * @return whether it is now what is known of the sender's name
     */
    boolean accept(Endpoint from, StartId speaker, Hello hello) {
        Probe echo = hello.echo();
        if (echo == null || echo.start() != start || echo.count() < 1 || echo.count() > asked) {
            return false;
        }
        Heard known = heard.get(from.node());
        if (known == null || !known.endpoint.equals(from)) {
            if (known != null && echo.count() <= known.since) {
                return false;
            }
            heard.put(from.node(), new Heard(from, speaker, asked, echo.count(), hello, asked));
            return true;
        }
        if (echo.count() < known.echo || (!speaker.equals(known.speaker) && !speaker.isAfter(known.speaker))) {
            return false;
        }
        long boundSince = Objects.equals(known.hello.bound(), hello.bound()) ? known.boundSince : asked;
        heard.put(from.node(), new Heard(from, speaker, known.since, echo.count(), hello, boundSince));
        return true;
    }

    /**
     * Whether a store counted by this vector is lost for certain: another incarnation has echoed a question asked after
     * the vector was heard of. An incarnation that merely differs may as well be the older one.
     *
     * @param vector a vector to which someone is bound, whose stores therefore all lived before it was heard of
     * @param since how many questions had been asked when it was first heard of
     */
    boolean isOutlived(Membership vector, long since) {
        for (Endpoint voter : vector.endpoints()) {
            Heard current = heard.get(voter.node());
            if (current != null && !current.endpoint.equals(voter) && current.echo > since) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether it can be said for good that a vector formed: if half of its stores say so, whoever is left of them when a
     * quorum is left knows of it, for a quorum for either phase is more than half; or if no store is left in it that does
     * not say so, nobody can begin anew without it.
     *
     * @param vector a vector that somebody says has formed
     * @param self this node, whose store is not in it
     */
    boolean isFormedForGood(Membership vector, NodeId self) {
        int tellers = 0;
        int unsettled = 0;
        for (Endpoint voter : vector.endpoints()) {
            Heard current = heard.get(voter.node());
            if (current != null && current.endpoint.equals(voter)) {
                boolean tells = vector.equals(current.hello.formed());
                tellers += tells ? 1 : 0;
                unsettled += tells ? 0 : 1;
            } else if (current == null && !voter.node().equals(self)) {
                unsettled++;
            }
        }
        return 2 * tellers >= vector.voters().size() || unsettled == 0;
    }

    /** What is known of this name, or null. */
    @Nullable
    Heard of(NodeId node) {
        return heard.get(node);
    }

    /** The current incarnation of this name, or null while none has been heard. */
    @Nullable
    Incarnation current(NodeId node) {
        Heard known = heard.get(node);
        return known == null ? null : known.endpoint.incarnation();
    }

    /** All that is known, by name. */
    Collection<Heard> all() {
        return heard.values();
    }

    /**
     * The latest word of one node.
     *
     * @param endpoint its current incarnation
     * @param speaker the latest start of that store
     * @param since how many questions had been asked when this incarnation was first heard
     * @param echo the latest question it has answered
     * @param hello what it said
     * @param boundSince how many questions had been asked when it first said that it is bound to what it is bound to
     */
    record Heard(Endpoint endpoint, StartId speaker, long since, long echo, Hello hello, long boundSince) {}
}
