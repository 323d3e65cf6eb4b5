// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Effect;
import io.paxos.event.Effect.RoleName;
import io.paxos.event.Event;
import io.paxos.event.Freshness;
import io.paxos.event.Outcome;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.GroupId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A leader says that it leads, and answers a read under its lease without asking anybody, only when everyone has promised
 * it support, and for a read given its word, who governs slots behind what it has decided: a quorum of each configuration
 * of which it can know. What goes wrong otherwise takes many coincidences to be seen in an answer; here it is seen in what
 * was sent. Of two moments at which a leader may have looked, the one is taken that asks less of it.
 */
final class BackedByAll implements Check {

    private static final String PROPERTY = "a leader relies on its office only when all who govern have promised it";

    private record Office(GroupId group, Ballot ballot) {}

    private record Post(NodeView node, GroupId group) {}

    /** A read under a lease whose leader has asked nobody since. */
    private record Alone(Post post, Ballot ballot, List<Constituency> governing) {}

    private final Map<Post, Ballot> asksForWords = new HashMap<>();
    private final Map<Office, Long> words = new HashMap<>();
    private final Map<Call, Alone> alone = new HashMap<>();
    private final Map<Post, Long> applied = new HashMap<>();

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        if (!(envelope.message() instanceof GroupMessage m)) {
            return;
        }
        if (m.body() instanceof LogMessage.LeaseRequest request) {
            asksForWords.put(new Post(node, m.group()), request.ballot());
        } else if (m.body() instanceof LogMessage.LeaseGrant grant) {
            long store = 1L << node.durable().index();
            words.merge(new Office(m.group(), grant.ballot()), store, (a, b) -> a | b);
        } else if (m.body() instanceof LogMessage.ReadQuery query
                && query.probe().count() > 0) {
            Post post = new Post(node, m.group());
            alone.values().removeIf(read -> read.post().equals(post));
        }
    }

    @Override
    public void calling(Facts facts, Call call) {
        if (call.event() instanceof Event.Read read && read.freshness() instanceof Freshness.UnderLease) {
            Post post = new Post(call.node(), read.group());
            Ballot ballot = asksForWords.get(post);
            if (ballot != null && call.node().role(read.group()) == RoleName.LEADER) {
                List<Constituency> governing =
                        facts.log(read.group()).governingBehind(call.node().decided(read.group()));
                long self = 1L << call.node().durable().index();
                // Who is a quorum by itself asks nobody, whether under a lease or not.
                if (!governing.stream().allMatch(each -> each.isPhase1(self))) {
                    alone.put(call, new Alone(post, ballot, governing));
                }
            }
        }
    }

    @Override
    public void answering(Facts facts, Call call, Outcome outcome) {
        Alone read = alone.remove(call);
        if (read == null || !(outcome instanceof Outcome.Current)) {
            return;
        }
        GroupId group = read.post().group();
        boolean leadsStill = call.node().role(group) == RoleName.LEADER
                && Objects.equals(asksForWords.get(read.post()), read.ballot());
        if (leadsStill) {
            long promised = facts.log(group).promisers(read.ballot());
            long gave = words.getOrDefault(new Office(group, read.ballot()), 0L);
            List<Constituency> governing = new ArrayList<>(read.governing());
            governing.retainAll(facts.log(group).governingBehind(call.node().decided(group)));
            for (Constituency each : governing) {
                Check.require(
                        each.isPhase1(promised) && each.isPhase2(gave),
                        PROPERTY,
                        call.node(),
                        "answers ",
                        call,
                        " at ",
                        read.ballot(),
                        " by itself, without quorums of ",
                        each.membership());
            }
        }
    }

    @Override
    public void applying(Facts facts, NodeView node, Effect.Apply apply) {
        applied.put(
                new Post(node, apply.group()), apply.first() + apply.values().size() - 1);
    }

    @Override
    public void leadershipChanged(Facts facts, NodeView node, Effect.LeadershipChanged change) {
        Ballot token = change.token();
        if (token == null) {
            return;
        }
        LogFacts log = facts.log(change.group());
        long promised = log.promisers(token);
        List<Constituency> governing = log.governingBehind(applied.getOrDefault(new Post(node, change.group()), 0L));
        governing.retainAll(log.governingBehind(node.decided(change.group())));
        for (Constituency each : governing) {
            Check.require(
                    each.isPhase1(promised),
                    PROPERTY,
                    node,
                    "announces ",
                    change,
                    " without a quorum of ",
                    each.membership());
        }
    }

    @Override
    public void stopped(Facts facts, NodeView node) {
        asksForWords.keySet().removeIf(post -> post.node() == node);
        alone.keySet().removeIf(call -> call.node() == node);
        applied.keySet().removeIf(post -> post.node() == node);
    }
}
