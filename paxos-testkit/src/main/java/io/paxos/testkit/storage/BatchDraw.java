// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.EpochMark;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Draws batches of writes such as a node makes, each possible after those before it. */
final class BatchDraw {

    private static final List<GroupId> GROUPS =
            List.of(GroupId.of("orders"), new GroupId("orders", 1), GroupId.of("ids"));
    private static final int DECREES = 6;
    private static final int PEERS = 3;
    private static final int SMALL = 40;
    private static final int LARGE = 2_500;

    private final RandomGenerator random;
    private Expected state = Expected.NOTHING;

    BatchDraw(RandomGenerator random) {
        this.random = random;
    }

    /** What all batches so far add up to. */
    Expected state() {
        return state;
    }

    GroupId group() {
        // One log gets most of it, so that it comes to be trimmed more than once.
        return GROUPS.get(random.nextInt(GROUPS.size() * 2) % 4 % GROUPS.size());
    }

    /** The next batch. */
    List<Write> next() {
        return also(List.of());
    }

    /** A batch with given writes among others. */
    List<Write> also(List<Write> given) {
        List<Write> batch = new ArrayList<>();
        Expected before = state;
        given.forEach(write -> add(batch, write));
        int more = random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(random.nextInt(5) == 0 ? 8 : 2);
        for (int i = 0; i < more; i++) {
            draw(batch);
        }
        state = before.after(batch);
        return List.copyOf(batch);
    }

    private void add(List<Write> batch, Write write) {
        batch.add(write);
        state = state.after(List.of(write));
    }

    private void draw(List<Write> batch) {
        switch (random.nextInt(12)) {
            case 0 -> add(batch, promise(group()));
            case 1, 2, 3 -> add(batch, accept(group()));
            case 4 -> learn(batch, group());
            case 5, 6 -> decide(batch, group());
            case 7 -> add(batch, formation());
            case 8 -> add(batch, peerStart());
            case 9 -> add(batch, decreeDecided());
            case 10 -> add(batch, decree());
            default -> add(batch, register());
        }
    }

    private Ballot above(Ballot ballot) {
        return ballot.next(new NodeId("n" + (1 + random.nextInt(PEERS))), random.nextLong());
    }

    Write promise(GroupId group) {
        return new Write.PromiseWrite(group, above(state.log(group).promised()));
    }

    private Write accept(GroupId group) {
        Expected.Log log = state.log(group);
        boolean newBallot = log.promised().isZero() || random.nextInt(3) == 0;
        Ballot ballot = newBallot ? above(log.promised()) : log.promised();
        long end = log.slots().isEmpty()
                ? log.decided()
                : Math.max(log.decided(), log.slots().lastKey());
        // At the end of the log, or over what an older ballot left in it, with a gap now and then.
        long first = random.nextInt(3) == 0 && end > log.decided()
                ? log.decided() + 1 + random.nextLong(end - log.decided())
                : end + 1 + random.nextInt(8) / 7;
        return new Write.AcceptWrite(group, ballot, first, values());
    }

    private void learn(List<Write> batch, GroupId group) {
        List<Value> values = values();
        long first = state.log(group).decided() + 1;
        add(batch, new Write.LearnWrite(group, first, values));
        add(batch, new Write.DecidedWrite(group, first + values.size() - 1));
    }

    private void decide(List<Write> batch, GroupId group) {
        Expected.Log log = state.log(group);
        long upTo = log.decided();
        while (log.slots().containsKey(upTo + 1)) {
            upTo++;
        }
        if (upTo > log.decided()) {
            add(batch, new Write.DecidedWrite(group, upTo - random.nextLong(upTo - log.decided())));
        } else {
            add(batch, accept(group));
        }
    }

    private List<Value> values() {
        List<Value> values = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            values.add(value());
        }
        return values;
    }

    private Value value() {
        return switch (random.nextInt(8)) {
            case 0 -> Value.NO_OP;
            case 1 -> new Value.OpenSession(new NodeId("n1"), random.nextLong(), new LogTime(random.nextInt(99)));
            case 2 -> new Value.OpenSession(new NodeId("n2"), random.nextLong(), new LogTime(random.nextInt()));
            default ->
                new Value.Command(
                        new CommandId(1 + random.nextInt(9), 5 + random.nextInt(99)),
                        random.nextInt(5),
                        new LogTime(1_700_000_000_000L + random.nextInt()),
                        payload());
        };
    }

    private Payload payload() {
        byte[] bytes = new byte[random.nextInt(random.nextInt(12) == 0 ? LARGE : SMALL)];
        random.nextBytes(bytes);
        return Payload.wrap(bytes);
    }

    private DecreeName name() {
        return new DecreeName("shard-" + random.nextInt(DECREES) + "/ownér");
    }

    private Write decree() {
        DecreeName name = name();
        Write.DecreeWrite known = state.decrees().get(name);
        // Also for names already decided: a late vote, which changes nothing (rule 15).
        Ballot promised = above(known == null ? Ballot.ZERO : known.promised());
        Proposal<Payload> accepted = known == null ? null : known.accepted();
        return new Write.DecreeWrite(
                name, promised, random.nextBoolean() ? new Proposal<>(promised, payload()) : accepted);
    }

    /** Mostly a register that was written before, whose value gives way to another one. */
    private Write register() {
        RegisterName name = new RegisterName("count-" + random.nextInt(DECREES));
        Write.RegisterWrite known = state.registers().get(name);
        Ballot promised = above(known == null ? Ballot.ZERO : known.promised());
        Proposal<Payload> accepted = known == null ? null : known.accepted();
        return new Write.RegisterWrite(
                name, promised, random.nextBoolean() ? new Proposal<>(promised, payload()) : accepted);
    }

    private Write decreeDecided() {
        DecreeName name = name();
        Payload value = state.decided().get(name);
        return new Write.DecreeDecidedWrite(name, value == null ? payload() : value);
    }

    private Write peerStart() {
        Endpoint peer =
                new Endpoint(new NodeId("n" + (1 + random.nextInt(PEERS))), new Incarnation(7 + random.nextInt(2)));
        long known = state.peerStarts().getOrDefault(peer, 0L);
        return new Write.PeerStartWrite(peer, known + 1 + random.nextInt(3));
    }

    private Membership vector() {
        Map<NodeId, Incarnation> voters = new TreeMap<>();
        for (int i = 1; i <= 1 + random.nextInt(PEERS); i++) {
            voters.put(new NodeId("n" + i), new Incarnation(random.nextLong() | 1));
        }
        return Membership.of(voters);
    }

    private Write formation() {
        Membership vector = vector();
        return switch (random.nextInt(4)) {
            case 0 -> new Write.FormationWrite(vector, null, List.of(vector()));
            case 1 -> new Write.FormationWrite(null, null, List.of(vector(), vector));
            case 2 -> new Write.FormationWrite(vector, vector, List.of());
            default -> {
                int covered = random.nextInt(5);
                EpochMark mark = new EpochMark(covered + random.nextInt(2), covered);
                yield new Write.FormationWrite(vector, vector, List.of(), mark);
            }
        };
    }
}
