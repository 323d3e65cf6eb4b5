package io.paxos.testkit.check;

import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Membership;
import java.util.HashMap;
import java.util.Map;

/**
 * No candidate proposes anything, no no-op either, where a promise that it has counted says that its acceptor has
 * forgotten (rule 3). Promises that come when it leads already count for nothing.
 */
final class NothingBelowCompaction implements Check {

    private static final String PROPERTY = "nothing is proposed up to a reported compaction point";

    /** The phase 1 of one ballot, as far as its candidate has heard. */
    private static final class Candidacy {
        private final long from;
        private final Map<Endpoint, Long> reportedUpTo = new HashMap<>();
        private long compacted;
        private boolean leads;

        private Candidacy(long from) {
            this.from = from;
        }
    }

    private final Map<GroupId, Map<Ballot, Candidacy>> candidacies = new HashMap<>();

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
            candidacy.leads = true;
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
        if (!(envelope.message() instanceof GroupMessage m)
                || !(m.body() instanceof LogMessage.Promise promise)
                || !envelope.to().equals(node.self().endpoint())) {
            return;
        }
        Membership formed = facts.formation().formed();
        Candidacy candidacy = candidacies.getOrDefault(m.group(), Map.of()).get(promise.ballot());
        if (candidacy == null || candidacy.leads || formed == null || !formed.counts(envelope.from())) {
            return;
        }
        long next = candidacy.reportedUpTo.getOrDefault(envelope.from(), candidacy.from);
        if (promise.slots().first() == next) {
            candidacy.reportedUpTo.put(envelope.from(), promise.slots().end());
            if (promise.last()) {
                candidacy.compacted = Math.max(candidacy.compacted, promise.compacted());
                candidacy.reportedUpTo.put(envelope.from(), Long.MAX_VALUE);
            }
        }
    }
}
