// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Batches of writes such as a node makes: ballots rise, decided decrees stay so, slots are decided in order. */
final class RandomWrites {

    private static final class Log {
        private long round = 1;
        private long next = 1;
        private long decided;
    }

    private final Random random;
    private final int groups;
    private final int valueBytes;
    private final Map<GroupId, Log> logs = new HashMap<>();
    private final Set<DecreeName> decided = new HashSet<>();
    private long starts;

    RandomWrites(long seed, int groups, int valueBytes) {
        this.random = new Random(seed);
        this.groups = groups;
        this.valueBytes = valueBytes;
    }

    List<Write> batch() {
        List<Write> writes = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            add(writes);
        }
        return writes;
    }

    /** How far a log is decided. */
    long decided(GroupId group) {
        Log log = logs.get(group);
        return log == null ? 0 : log.decided;
    }

    /** The write that trims a log up to where it is decided, for which there must be a snapshot. */
    Write trim(GroupId group) {
        Log log = log(group);

        return new Write.TrimWrite(group, log.decided);
    }

    static GroupId group(int number) {
        return new GroupId("Log-" + number, number % 2);
    }

    private Log log(GroupId group) {
        return logs.computeIfAbsent(group, g -> new Log());
    }

    private void add(List<Write> writes) {
        GroupId group = group(random.nextInt(groups));
        Log log = log(group);
        switch (random.nextInt(12)) {
            case 0 -> writes.add(new Write.PromiseWrite(group, ballot(++log.round)));
            case 1 -> writes.add(random.nextBoolean() ? decree(false) : register());
            case 2 -> writes.add(decree(true));
            case 3 -> writes.add(new Write.PeerStartWrite(peer(), ++starts));
            case 4 -> writes.add(formation());
            case 5 -> learn(writes, group, log);
            case 6, 7 -> {
                if (log.next - 1 > log.decided) {
                    log.decided += 1 + random.nextInt((int) (log.next - 1 - log.decided));
                    writes.add(new Write.DecidedWrite(group, log.decided));
                }
            }
            case 8 -> {
                // A higher ballot proposes again what is not decided.
                log.next = log.decided + 1;
                log.round++;
                accept(writes, group, log);
            }
            default -> accept(writes, group, log);
        }
    }

    private void accept(List<Write> writes, GroupId group, Log log) {
        int count = 1 + random.nextInt(3);
        writes.add(new Write.AcceptWrite(group, ballot(log.round), log.next, values(count)));
        log.next += count;
    }

    private void learn(List<Write> writes, GroupId group, Log log) {
        long first = log.decided + 1;
        int count = 1 + random.nextInt(3);
        writes.add(new Write.LearnWrite(group, first, values(count)));
        log.decided = first + count - 1;
        log.next = Math.max(log.next, log.decided + 1);
        writes.add(new Write.DecidedWrite(group, log.decided));
    }

    private Write decree(boolean decides) {
        DecreeName name = new DecreeName("decree-" + random.nextInt(decides ? 100_000 : 200));
        if (decided.contains(name)) {
            return new Write.PeerStartWrite(peer(), ++starts);
        }
        if (decides) {
            decided.add(name);
            return new Write.DecreeDecidedWrite(name, payload());
        }
        Ballot promised = ballot(1 + random.nextInt(1000));
        return new Write.DecreeWrite(
                name, promised, random.nextBoolean() ? null : new Proposal<>(ballot(1), payload()));
    }

    private Write register() {
        Ballot promised = ballot(1 + random.nextInt(1000));
        return new Write.RegisterWrite(
                new RegisterName("register-" + random.nextInt(50)),
                promised,
                random.nextBoolean() ? null : new Proposal<>(ballot(1), payload()));
    }

    private Write formation() {
        Membership some = membership();
        return random.nextBoolean()
                ? new Write.FormationWrite(some, null, List.of(membership()))
                : new Write.FormationWrite(some, some, List.of());
    }

    private Membership membership() {
        return Membership.of(Map.of(
                NodeId.of("n1"), new Incarnation(1 + random.nextInt(9)),
                NodeId.of("n2"), new Incarnation(1 + random.nextInt(9))));
    }

    private Endpoint peer() {
        return new Endpoint(NodeId.of("n" + random.nextInt(5)), new Incarnation(1 + random.nextInt(3)));
    }

    private Ballot ballot(long round) {
        return new Ballot(round, NodeId.of("n" + round % 3), 77);
    }

    private List<Value> values(int count) {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(value());
        }
        return values;
    }

    private Value value() {
        return switch (random.nextInt(10)) {
            case 0 -> Value.NO_OP;
            case 1 -> new Value.OpenSession(NodeId.of("n1"), random.nextLong(), new LogTime(random.nextInt()));
            case 2 -> new Value.OpenSession(NodeId.of("n2"), random.nextLong(), LogTime.ZERO);
            default ->
                new Value.Command(
                        new CommandId(random.nextInt(50), 1 + random.nextInt(1000)),
                        random.nextInt(3),
                        new LogTime(random.nextLong()),
                        payload());
        };
    }

    private Payload payload() {
        byte[] bytes = new byte[random.nextInt(valueBytes)];
        random.nextBytes(bytes);
        return Payload.wrap(bytes);
    }
}
