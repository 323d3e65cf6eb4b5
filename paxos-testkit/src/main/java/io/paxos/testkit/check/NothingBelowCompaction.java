// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.StartId;
import java.util.HashMap;
import java.util.Map;

/**
 * No candidate proposes anything, no no-op either, where a promise that it has counted says that its acceptor has
 * forgotten (rule 3). Promises that come when a quorum's are complete already count for nothing, also where they come in
 * the same batch; nor does what the promise of a start says whose successor the receiver has heard (rule 7).
 */
final class NothingBelowCompaction implements Check {

    private static final String PROPERTY = "nothing is proposed up to a reported compaction point";

    /** The phase 1 of one ballot, as far as its candidate has heard. */
    private static final class Candidacy {
        private final long from;
        private final Map<Endpoint, Long> reportedUpTo = new HashMap<>();
        private long compacted;
        private long promisers;
        private boolean isComplete;

        private Candidacy(long from) {
            this.from = from;
        }
    }

    private final Map<GroupId, Map<Ballot, Candidacy>> candidacies = new HashMap<>();

    /** The latest start of each sender that each receiver has ever heard, by receiver and sender. */
    private final Map<Endpoint, Map<Endpoint, StartId>> heard = new HashMap<>();

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        if (!(envelope.message() instanceof GroupMessage m)) {
            return;
        }
        if (m.body() instanceof LogMessage.Prepare prepare) {
            candidacies
                    .computeIfAbsent(m.group(), g -> new HashMap<>())
                    .computeIfAbsent(prepare.ballot(), b -> new Candidacy(prepare.from()));
        } else if (m.body() instanceof LogMessage.Accept accept) {
            Candidacy candidacy = candidacies.getOrDefault(m.group(), Map.of()).get(accept.ballot());
            if (candidacy == null) {
                return;
            }
            candidacy.isComplete = true;
            Check.require(
                    accept.first() > candidacy.compacted,
                    PROPERTY,
                    node,
                    "was told that all up to slot ",
                    candidacy.compacted,
                    " is forgotten, and sends ",
                    envelope);
        }
    }

    @Override
    public void receiving(Facts facts, NodeView node, Envelope envelope) {
        StartId latest = heard.computeIfAbsent(node.self().endpoint(), e -> new HashMap<>())
                .merge(envelope.from(), envelope.start(), (a, b) -> b.isAfter(a) ? b : a);
        if (!(envelope.message() instanceof GroupMessage m)
                || !(m.body() instanceof LogMessage.Promise promise)
                || !envelope.to().equals(node.self().endpoint())) {
            return;
        }
        Candidacy candidacy = candidacies.getOrDefault(m.group(), Map.of()).get(promise.ballot());
        if (candidacy == null || candidacy.isComplete) {
            return;
        }
        Constituency governing = facts.log(m.group()).governing(candidacy.from);
        if (governing == null || !governing.membership().counts(envelope.from())) {
            return;
        }
        long next = candidacy.reportedUpTo.getOrDefault(envelope.from(), candidacy.from);
        if (promise.slots().first() == next) {
            candidacy.reportedUpTo.put(envelope.from(), promise.slots().end());
            if (promise.last()) {
                // A promise of an earlier start is turned away; but a receiver that was started again itself may have
                // forgotten the later one, so the promise may have completed the quorum all the same.
                if (!latest.isAfter(envelope.start())) {
                    candidacy.compacted = Math.max(candidacy.compacted, promise.compacted());
                }
                candidacy.reportedUpTo.put(envelope.from(), Long.MAX_VALUE);
                candidacy.promisers |=
                        1L << facts.formation().storeOf(envelope.from().incarnation());
                candidacy.isComplete = governing.isPhase1(candidacy.promisers);
            }
        }
    }
}
