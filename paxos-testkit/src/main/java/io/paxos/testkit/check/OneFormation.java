// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Effect;
import io.paxos.model.Endpoint;
import io.paxos.model.Membership;
import io.paxos.spi.Write;

/**
 * A cluster forms once, with a vector to which every voter has durably bound itself (rule 6). Only if every store that
 * knew of it is lost, and nothing was chosen, may the cluster form again.
 */
final class OneFormation implements Check {

    /** The name of the property. */
    static final String PROPERTY = "one formation";

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void writing(Facts facts, NodeView node, Write write) {
        if (!(write instanceof Write.FormationWrite w)) {
            return;
        }
        Write.FormationWrite before = node.durable().formation();
        Check.require(
                before.formed() == null || before.formed().equals(w.formed()),
                PROPERTY,
                node,
                "formed with ",
                before.formed(),
                " and then writes ",
                w);
        Check.require(
                w.renounced().containsAll(before.renounced()) || w.formed() != null,
                PROPERTY,
                node,
                "takes back what it renounced: ",
                before,
                " and then ",
                w);
        if (w.formed() == null) {
            return;
        }
        Check.require(
                before.formed() != null
                        || !before.renounced().contains(w.formed())
                        || facts.formation().everFormed(w.formed()),
                PROPERTY,
                node,
                "infers what it renounced: ",
                w);
        allBound(facts, node, w.formed(), w.formed().equals(w.bound()));
        Membership known = facts.formation().formed();
        if (known != null && !known.equals(w.formed())) {
            Check.require(
                    !knownElsewhere(facts, known) && !facts.anythingChosen(),
                    PROPERTY,
                    node,
                    "the cluster formed with ",
                    known,
                    " and now with ",
                    w.formed());
        }
    }

    @Override
    public void formed(Facts facts, NodeView node, Effect.Formed formed) {
        Membership known = facts.formation().formed();
        Check.require(
                known == null
                        || known.equals(formed.membership())
                        || !knownElsewhere(facts, known)
                        || observedBefore(node, formed.membership()),
                PROPERTY,
                node,
                "says ",
                formed,
                " but the cluster formed with ",
                known);
        allBound(facts, node, formed.membership(), true);
        boolean counts = formed.membership().counts(node.self().endpoint());
        Check.require(
                counts == (formed.stranger() == null)
                        || (counts && node.durable().isOldCopy()),
                PROPERTY,
                node,
                "is in the vector or a stranger, not both: ",
                formed);
    }

    /** One that only observes may remember a vector that all its voters have lost since and replaced. */
    private static boolean observedBefore(NodeView node, Membership vector) {
        return !vector.counts(node.self().endpoint())
                && vector.equals(node.durable().formation().formed());
    }

    private static void allBound(Facts facts, NodeView node, Membership vector, boolean selfBinds) {
        for (Endpoint voter : vector.endpoints()) {
            Check.require(
                    facts.formation().wasBound(vector, voter)
                            || (selfBinds && voter.equals(node.self().endpoint())),
                    PROPERTY,
                    node,
                    "takes ",
                    vector,
                    " for formed though ",
                    voter,
                    " never bound to it");
        }
    }

    /**
     * Whether a store that votes by this vector still remembers it. Where all that did are lost, nobody has voted by it who
     * could say so, and the others may form anew; one that only observes may have heard of it, and changes nothing.
     */
    private static boolean knownElsewhere(Facts facts, Membership vector) {
        for (DurableState store : facts.stores()) {
            boolean votes = vector.voters().containsValue(store.incarnation());
            if (votes
                    && !facts.isLost(store.index())
                    && vector.equals(store.formation().formed())) {
                return true;
            }
        }
        return false;
    }
}
