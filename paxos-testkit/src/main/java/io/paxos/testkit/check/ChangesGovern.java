// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Configuration;
import java.util.Collections;

/**
 * Changes of membership are what they say (rule 10). Nobody proposes in a slot of which it cannot know who governs it;
 * and a change that was acknowledged was chosen, and so many of the new voters durably hold all that was chosen below the
 * slots they govern that those who leave are not needed any more.
 */
final class ChangesGovern implements Check {

    private static final String PROPERTY = "whoever votes is known before anything is proposed";

    private static final String DONE = "a change that was acknowledged governs, and nobody who left is needed";

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        if (envelope.message() instanceof GroupMessage m && m.body() instanceof LogMessage.Accept accept) {
            LogFacts log = facts.log(m.group());
            Check.require(
                    accept.slots().end() - 1 <= log.knownUpTo(),
                    PROPERTY,
                    node,
                    "proposes beyond slot ",
                    log.knownUpTo(),
                    ": ",
                    envelope);
        }
    }

    @Override
    public void answering(Facts facts, Call call, Outcome outcome) {
        if (!(outcome instanceof Outcome.Reconfigured done) || !(call.event() instanceof Event.Reconfigure asked)) {
            return;
        }
        LogFacts log = facts.log(asked.group());
        Configuration configuration = done.configuration();
        Constituency governing = log.governing(done.from());
        boolean isChosen = configuration.version() == 0
                || log.eras().stream()
                        .anyMatch(era ->
                                era.from() == done.from() && era.configuration().equals(configuration));
        Check.require(isChosen, DONE, call.node(), "says ", done, " but chosen are ", log.eras());
        Check.require(
                governing != null && governing.isPhase2(facts.everHolding(asked.group(), done.from() - 1)),
                DONE,
                call.node(),
                "says ",
                done,
                " but too few of the new voters hold what was chosen before: ",
                Collections.singletonList(governing == null ? null : governing.membership()));
    }
}
