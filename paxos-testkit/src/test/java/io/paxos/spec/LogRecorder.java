// SPDX-License-Identifier: Apache-2.0
package io.paxos.spec;

import io.paxos.event.Effect;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.SlotProposal;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import io.paxos.testkit.WatchedRun;
import io.paxos.testkit.check.Check;
import io.paxos.testkit.check.Choice;
import io.paxos.testkit.check.DurableState;
import io.paxos.testkit.check.Facts;
import io.paxos.testkit.check.NodeView;
import io.paxos.testkit.check.StoredSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Watches one log of a run and writes down what {@code LogTrace.tla} asks about, until the run has gone beyond the
 * slots or the length of a trace, or an old copy of a store turns up or the membership changes, of which the
 * specification of the log knows nothing. What was seen so far is a trace all the same.
 */
final class LogRecorder implements Check {

    /** Slots beyond this are not recorded: the specification holds a function over all slots in every state. */
    static final int SLOTS = 16;

    /** Nodes have numbers from 1 on, by the order of their names, which is the order of their ballots. */
    static final int MOST_NODES = 7;

    private static final int LENGTH = 220;
    private static final int MOST_TICKS = 1_500;
    private static final int MOST_STARTS = 90;
    private static final int NO_START = 99;
    private static final int NOBODY = MOST_NODES + 1;

    private final GroupId group;
    private final List<Seen> seen = new ArrayList<>();
    private final Map<NodeId, Integer> numbers = new HashMap<>();
    private final Map<Integer, Part> parts = new HashMap<>();
    private final Map<Ballot, Candidacy> candidacies = new HashMap<>();
    private final Map<Value, Integer> values = new HashMap<>();
    private final List<Runnable> early = new ArrayList<>();
    private final Set<Executed> executed = new HashSet<>();
    private @Nullable Membership formed;
    private int size1;
    private int size2;
    private boolean over;
    private int ticks;

    /** What the recorder remembers of a node, besides what the node has durably. */
    private static final class Part {
        private int starts;
        private boolean campaigned;
        private @Nullable Incarnation lost;
    }

    private record Executed(NodeId node, long slot) {}

    LogRecorder(GroupId group) {
        this.group = group;
        values.put(Value.NO_OP, 0);
    }

    /** What was seen, or null if the cluster was too small or never formed. */
    @Nullable
    LogTrace trace(String name) {
        return numbers.size() < 2 || seen.isEmpty() ? null : new LogTrace(name, size1, size2, seen);
    }

    // Who is who.

    private boolean isWatching(Facts facts, NodeView node) {
        Membership vector = facts.formation().formed();
        if (over || vector == null) {
            return false;
        }
        if (formed == null) {
            begin(facts, vector);
        }
        // The specification of the log has one set of acceptors for ever; those that change have their own.
        boolean isChanged = facts.log(group).version() > 0;
        if (node.durable().isOldCopy() || isChanged || !vector.equals(formed) || seen.size() >= LENGTH) {
            over = true;
        }
        return !over;
    }

    private void begin(Facts facts, Membership vector) {
        formed = vector;
        long stores = 0;
        for (Endpoint voter : vector.endpoints()) {
            numbers.put(voter.node(), 0);
        }
        int number = 0;
        for (NodeId name : numbers.keySet().stream().sorted().toList()) {
            numbers.put(name, ++number);
            parts.put(number, new Part());
        }
        for (DurableState store : facts.stores()) {
            if (!store.isOldCopy() && vector.voters().containsValue(store.incarnation())) {
                stores |= 1L << store.index();
                int count = Long.bitCount(stores);
                size1 = size1 == 0 && facts.formation().isPhase1(stores) ? count : size1;
                size2 = size2 == 0 && facts.formation().isPhase2(stores) ? count : size2;
            }
        }
        early.forEach(Runnable::run);
        early.clear();
    }

    /** Stores that were lost before the cluster formed are not those that it formed with. */
    private void ifCounted(NodeView node, Runnable action) {
        if (formed != null && formed.counts(node.self().endpoint())) {
            action.run();
        }
    }

    /** The number of a node; of one that is no member, one that is no acceptor's, so that it must not vote. */
    private int number(NodeView node) {
        NodeId name = node.self().node();
        int number = numbers.getOrDefault(name, NOBODY);
        Part part = parts.get(number);
        Incarnation store = node.self().endpoint().incarnation();
        boolean isStranger =
                part != null && formed != null && !formed.counts(node.self().endpoint());
        if (isStranger && !store.equals(part.lost)) {
            part.lost = store;
            add(Seen.of("lose").with("a", number));
        }
        return number;
    }

    private void add(Seen what) {
        seen.add(what);
    }

    private int value(Value value) {
        return values.computeIfAbsent(value, v -> values.size());
    }

    private long tag(Ballot ballot) {
        Candidacy candidacy = candidacies.get(ballot);
        return candidacy == null ? NO_START : candidacy.tag();
    }

    private boolean isBeyond(long slot) {
        over |= slot > SLOTS;
        return over;
    }

    // Writes.

    @Override
    public void writing(Facts facts, NodeView node, Write write) {
        if (!isWatching(facts, node)) {
            return;
        }
        if (write instanceof Write.PromiseWrite w && w.group().equals(group)) {
            add(Seen.of("promise").with("a", number(node)).with("b", tag(w.promised())));
        } else if (write instanceof Write.AcceptWrite w && w.group().equals(group)) {
            accepting(node, w);
        } else if (write instanceof Write.LearnWrite w && w.group().equals(group)) {
            learning(node, w);
        } else if (write instanceof Write.DecidedWrite w && w.group().equals(group)) {
            deciding(node, w);
        } else if (write instanceof Write.TrimWrite w && w.group().equals(group)) {
            trimming(node, w);
        }
    }

    private void accepting(NodeView node, Write.AcceptWrite write) {
        if (isBeyond(write.first() + write.values().size() - 1)) {
            return;
        }
        Seen accept = Seen.of("accept").with("a", number(node)).with("b", tag(write.ballot()));
        for (int i = 0; i < write.values().size(); i++) {
            add(accept.with("s", write.first() + i)
                    .with("v", value(write.values().get(i))));
        }
    }

    private boolean isMember(NodeView node) {
        return number(node) != NOBODY;
    }

    private void learning(NodeView node, Write.LearnWrite write) {
        if (!isMember(node) || isBeyond(write.first() + write.values().size() - 1)) {
            return;
        }
        for (int i = 0; i < write.values().size(); i++) {
            add(Seen.of("learn")
                    .with("a", number(node))
                    .with("s", write.first() + i)
                    .with("v", value(write.values().get(i))));
        }
    }

    /** What was learned is marked as decided by the write beside it; the specification has one step for both. */
    private void deciding(NodeView node, Write.DecidedWrite write) {
        if (!isMember(node) || isBeyond(write.decided())) {
            return;
        }
        DurableState.Log log = node.durable().log(group);
        for (long slot = log.decided() + 1; slot <= write.decided(); slot++) {
            if (!log.slots().containsKey(slot)
                    || !log.slots().get(slot).ballot().isZero()) {
                add(Seen.of("conclude").with("a", number(node)).with("s", slot));
            }
        }
    }

    private void trimming(NodeView node, Write.TrimWrite write) {
        boolean isNew = write.compacted() > node.durable().log(group).compacted();
        if (isMember(node) && isNew && !isBeyond(write.compacted())) {
            add(Seen.of("trim").with("a", number(node)).with("s", write.compacted()));
        }
    }

    @Override
    public void storing(Facts facts, NodeView node, GroupId of, StoredSnapshot snapshot) {
        if (of.equals(group) && isWatching(facts, node) && isMember(node)) {
            long slot = snapshot.info().slot();
            if (!isBeyond(slot)) {
                add(Seen.of("snapshot").with("a", number(node)).with("s", slot));
            }
        }
    }

    // Messages.

    /** A Prepare waits for nothing, so it may leave before the observer can know that the cluster has formed. */
    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        if (facts.formation().formed() == null
                && envelope.message() instanceof GroupMessage m
                && m.group().equals(group)
                && m.body() instanceof LogMessage.Prepare prepare) {
            early.add(() -> ifCounted(node, () -> preparing(node, prepare)));
            return;
        }
        if (!(envelope.message() instanceof GroupMessage m) || !m.group().equals(group) || !isWatching(facts, node)) {
            return;
        }
        LogMessage body = m.body();
        if (body instanceof LogMessage.Prepare prepare) {
            preparing(node, prepare);
        } else if (body instanceof LogMessage.Promise promise) {
            promising(node, promise);
        } else if (body instanceof LogMessage.Accept accept) {
            proposing(accept);
        } else if (body instanceof LogMessage.Accepted accepted) {
            accepted(node, accepted);
        } else if (body instanceof LogMessage.Heartbeat heartbeat) {
            leading(heartbeat.ballot(), heartbeat.decided());
        } else if (body instanceof LogMessage.Decide decide) {
            telling(decide.ballot(), decide.decided());
        }
    }

    private void preparing(NodeView node, LogMessage.Prepare prepare) {
        Ballot ballot = prepare.ballot();
        if (candidacies.containsKey(ballot) || isBeyond(prepare.from())) {
            return;
        }
        int proposer = number(node);
        Part part = parts.get(proposer);
        boolean isOfThisStart = part != null && ballot.start() == node.self().start();
        int start = isOfThisStart ? part.starts : NO_START;
        candidacies.put(
                ballot, new Candidacy(proposer, ballot.round() * 10_000 + proposer * 100L + start, prepare.from()));
        if (part != null) {
            part.campaigned = true;
        }
        add(Seen.of("prepare").with("p", proposer).with("r", ballot.round()).with("from", prepare.from()));
    }

    private void promising(NodeView node, LogMessage.Promise promise) {
        if (isBeyond(promise.slots().first())) {
            return;
        }
        String accepted = promise.accepted().stream().map(this::accepted).collect(Collectors.joining(", ", "{", "}"));
        add(Seen.of("part")
                .with("a", number(node))
                .with("b", tag(promise.ballot()))
                .with("from", promise.slots().first())
                .with("to", Candidacy.end(promise))
                .with("trim", promise.compacted())
                .with("decided", promise.decided())
                .with("acc", accepted));
    }

    private String accepted(SlotProposal held) {
        Ballot ballot = held.proposal().ballot();
        return "[s |-> " + held.slot() + ", b |-> " + (ballot.isZero() ? 0 : tag(ballot)) + ", v |-> "
                + value(held.proposal().value()) + "]";
    }

    /** Before its first heartbeat a leader proposes what it must propose again, and nothing else. */
    private void proposing(LogMessage.Accept accept) {
        if (isBeyond(accept.slots().end() - 1)) {
            return;
        }
        Candidacy candidacy = candidacies.get(accept.ballot());
        for (int i = 0; i < accept.values().size(); i++) {
            long slot = accept.first() + i;
            int value = value(accept.values().get(i));
            if (candidacy != null && !candidacy.leads()) {
                candidacy.proposeAgain(slot, value);
            } else if (candidacy == null || candidacy.isNew(slot, value)) {
                add(Seen.of("propose")
                        .with("p", candidacy == null ? NOBODY : candidacy.proposer())
                        .with("b", tag(accept.ballot()))
                        .with("s", slot)
                        .with("v", value));
            }
        }
        if (candidacy != null && candidacy.leads()) {
            telling(accept.ballot(), accept.decided());
        }
    }

    private void accepted(NodeView node, LogMessage.Accepted accepted) {
        for (long slot = accepted.slots().first(); slot < accepted.slots().end(); slot++) {
            if (isBeyond(slot)) {
                return;
            }
            add(Seen.of("accepted")
                    .with("a", number(node))
                    .with("b", tag(accepted.ballot()))
                    .with("s", slot));
        }
    }

    private void leading(Ballot ballot, long decided) {
        Candidacy candidacy = candidacies.get(ballot);
        if (candidacy != null && !candidacy.leads() && !isBeyond(decided)) {
            add(candidacy.lead(decided));
        }
        telling(ballot, decided);
    }

    private void telling(Ballot ballot, long decided) {
        Candidacy candidacy = candidacies.get(ballot);
        if (!isBeyond(decided) && candidacy != null && candidacy.tellsMore(decided)) {
            add(Seen.of("told").with("b", candidacy.tag()).with("s", decided));
        }
    }

    @Override
    public void receiving(Facts facts, NodeView node, Envelope envelope) {
        if (envelope.message() instanceof GroupMessage m
                && m.group().equals(group)
                && m.body() instanceof LogMessage.Promise promise
                && isWatching(facts, node)
                && formed != null
                && formed.counts(envelope.from())) {
            Candidacy candidacy = candidacies.get(promise.ballot());
            boolean isTheirs = candidacy != null
                    && candidacy.proposer() == number(node)
                    && promise.ballot().start() == node.self().start();
            if (isTheirs) {
                candidacy.isHanded(numbers.get(envelope.from().node()), promise);
            }
        }
    }

    // The rest.

    @Override
    public void ticked(Facts facts, NodeView node) {
        if (over || ++ticks > MOST_TICKS) {
            throw new WatchedRun.Enough();
        }
    }

    @Override
    public void slotChosen(Facts facts, GroupId of, long slot, Choice<Value> choice, Choice.Ballotted<Value> proposal) {
        if (of.equals(group) && !over && formed != null && !isBeyond(slot)) {
            add(Seen.of("chosen").with("s", slot).with("v", value(proposal.value())));
        }
    }

    @Override
    public void applying(Facts facts, NodeView node, Effect.Apply apply) {
        if (!apply.group().equals(group) || !isWatching(facts, node)) {
            return;
        }
        for (int i = 0; i < apply.values().size(); i++) {
            long slot = apply.first() + i;
            if (isBeyond(slot)) {
                return;
            }
            if (executed.add(new Executed(node.self().node(), slot))) {
                add(Seen.of("executed")
                        .with("s", slot)
                        .with("v", value(apply.values().get(i))));
            }
        }
    }

    @Override
    public void stopped(Facts facts, NodeView node) {
        if (facts.formation().formed() == null) {
            early.add(() -> ifCounted(node, () -> stopping(node)));
        } else if (isWatching(facts, node)) {
            stopping(node);
        }
    }

    private void stopping(NodeView node) {
        int number = number(node);
        Part part = parts.get(number);
        if (part != null && part.campaigned) {
            part.campaigned = false;
            part.starts++;
            over |= part.starts > MOST_STARTS;
            add(Seen.of("restart").with("p", number));
        }
    }
}
