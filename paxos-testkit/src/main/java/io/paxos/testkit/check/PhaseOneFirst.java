// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Ballot;
import io.paxos.single.SingleMessage;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Nothing is proposed at a ballot that a phase-1 quorum of those who govern has not durably promised (rules 1 and 10). */
final class PhaseOneFirst implements Check {

    private static final String PROPERTY = "phase 1 comes before phase 2";

    private record Prepared(
            Object question, Ballot ballot, @Nullable Constituency governing) {}

    private final Set<Prepared> prepared = new HashSet<>();

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        if (envelope.message() instanceof GroupMessage m && m.body() instanceof LogMessage.Accept accept) {
            LogFacts log = facts.log(m.group());
            Constituency before = null;
            for (long slot = accept.first(); slot < accept.slots().end(); slot++) {
                Constituency governing = log.governing(slot);
                if (governing != before && prepared.add(new Prepared(m.group(), accept.ballot(), governing))) {
                    require(governing, node, envelope, log.promisers(accept.ballot()));
                }
                before = governing;
            }
        } else if (Spoken.of(envelope) instanceof DecreeMessage.Step m
                && m.body() instanceof SingleMessage.Accept accept
                && prepared.add(new Prepared(m.name(), accept.ballot(), null))) {
            require(
                    facts.epochs().electorate(Spoken.epoch(envelope)),
                    node,
                    envelope,
                    facts.decree(m.name()).promisers(accept.ballot()));
        } else if (Spoken.of(envelope) instanceof RegisterMessage.Step m
                && m.body() instanceof SingleMessage.Accept accept
                && prepared.add(new Prepared(m.name(), accept.ballot(), null))) {
            require(
                    facts.epochs().electorate(Spoken.epoch(envelope)),
                    node,
                    envelope,
                    facts.register(m.name()).promisers(accept.ballot()));
        }
    }

    private static void require(@Nullable Constituency governing, NodeView node, Envelope envelope, long promisers) {
        Check.require(
                governing != null && governing.isPhase1(promisers),
                PROPERTY,
                node,
                "proposed without a phase-1 quorum of ",
                governing == null ? null : governing.membership(),
                " having promised: ",
                envelope);
    }
}
