// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a leadership promises when it is announced. No two have the same token; whichever node asked for its office after
 * another leadership had been announced has a higher one; and its replica has executed all that had been acknowledged to
 * anyone when it asked. The second holds where any two phase-1 quorums share an acceptor, and is looked at only there.
 */
final class FencingTokens implements Check {

    private static final String PROPERTY = "fencing tokens rise, and a leader has caught up";

    private record Office(GroupId group, Ballot ballot) {}

    /** What was so when an office was asked for. */
    private record Before(Ballot announced, long acknowledged) {}

    private final Map<Office, Before> asked = new HashMap<>();
    private final Map<Office, NodeView> announced = new HashMap<>();
    private final Map<GroupId, Ballot> highest = new HashMap<>();
    private final Map<GroupId, Long> acknowledged = new HashMap<>();

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        if (envelope.message() instanceof GroupMessage m && m.body() instanceof LogMessage.Prepare prepare) {
            GroupId group = m.group();
            asked.computeIfAbsent(
                    new Office(group, prepare.ballot()),
                    office ->
                            new Before(highest.getOrDefault(group, Ballot.ZERO), acknowledged.getOrDefault(group, 0L)));
        }
    }

    @Override
    public void answering(Facts facts, Call call, Outcome outcome) {
        GroupId group = call.group();
        if (group == null) {
            return;
        }
        if (outcome instanceof Outcome.Applied applied) {
            acknowledged.merge(group, applied.slot(), Math::max);
        } else if (outcome instanceof Outcome.Current current) {
            acknowledged.merge(group, current.slot(), Math::max);
        }
    }

    @Override
    public void leadershipChanged(Facts facts, NodeView node, Effect.LeadershipChanged change) {
        Ballot token = change.token();
        if (token == null) {
            return;
        }
        Office office = new Office(change.group(), token);
        Check.require(
                announced.putIfAbsent(office, node) == null,
                PROPERTY,
                node,
                "announces what has been announced before: ",
                change);
        Before before = asked.getOrDefault(office, new Before(Ballot.ZERO, 0));
        Check.require(
                token.compareTo(before.announced) > 0 || !phase1QuorumsIntersect(facts, change.group()),
                PROPERTY,
                node,
                "announces ",
                change,
                " though ",
                before.announced,
                " had been announced before it asked for its office");
        List<Execution> all = facts.executions(change.group());
        int seen = facts.executed(node, change.group());
        Check.require(
                seen == all.size() || all.get(seen).context().slot() > before.acknowledged,
                PROPERTY,
                node,
                "announces ",
                change,
                " before it has executed slot ",
                before.acknowledged,
                ", which had been acknowledged when it asked for its office");
        highest.merge(change.group(), token, Ballot::max);
    }

    /** Of each configuration that there has been; that those of two of them rise is for the candidates to see to. */
    private static boolean phase1QuorumsIntersect(Facts facts, GroupId group) {
        Constituency formed = facts.formation().constituency();
        return formed != null
                && phase1QuorumsIntersect(facts, formed)
                && facts.log(group).eras().stream().allMatch(era -> phase1QuorumsIntersect(facts, era.constituency()));
    }

    private static boolean phase1QuorumsIntersect(Facts facts, Constituency constituency) {
        long all = 0;
        for (Incarnation incarnation : constituency.membership().voters().values()) {
            all |= 1L << facts.formation().storeOf(incarnation);
        }
        for (long some = all; some != 0; some = (some - 1) & all) {
            if (constituency.isPhase1(some) && constituency.isPhase1(all & ~some)) {
                return false;
            }
        }
        return true;
    }
}
