// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.RegisterName;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all writes add up to, and which segment holds the newest record of each part; of the decided decrees, which may be
 * very many, only in which segments some are. It shares the values with whoever wrote them. Not safe for several threads.
 */
final class LiveIndex {

    private static final int SCALAR_BYTES = 64;
    private static final int DECREE_BYTES = 128;
    private static final int REGISTER_BYTES = 192;

    /** Something, and the segment with its newest record. */
    private record Placed<T>(T content, int segment) {}

    private final SegmentUse use = new SegmentUse();
    private final Map<GroupId, LiveLog> logs = new HashMap<>();
    private final Map<DecreeName, Placed<Write.DecreeWrite>> decrees = new HashMap<>();
    private final Map<RegisterName, Placed<Write.RegisterWrite>> registers = new HashMap<>();
    private final Map<Endpoint, Placed<Long>> peers = new HashMap<>();
    private @Nullable Placed<Write.FormationWrite> formation;
    private @Nullable Placed<StoreRecord.Started> started;

    SegmentUse use() {
        return use;
    }

    /** Takes in a write that lies in a segment. */
    void apply(Write write, long segment) {
        int in = Math.toIntExact(segment);
        if (write instanceof Write.AcceptWrite accept) {
            LiveLog log = log(accept.group());
            log.promise(accept.ballot(), in);
            log.put(accept.first(), accept.ballot(), accept.values(), in);
        } else if (write instanceof Write.DecidedWrite mark) {
            log(mark.group()).decide(mark.decided(), in);
        } else if (write instanceof Write.PromiseWrite promise) {
            log(promise.group()).promise(promise.promised(), in);
        } else if (write instanceof Write.LearnWrite learn) {
            log(learn.group()).put(learn.first(), Ballot.ZERO, learn.values(), in);
        } else if (write instanceof Write.TrimWrite trim) {
            log(trim.group()).trim(trim.compacted(), in);
        } else if (write instanceof Write.DecreeWrite decree) {
            release(decrees.put(decree.name(), new Placed<>(decree, in)), DECREE_BYTES);
            use.add(in, DECREE_BYTES);
        } else if (write instanceof Write.DecreeDecidedWrite decision) {
            release(decrees.remove(decision.name()), DECREE_BYTES);
            use.decided(in);
        } else if (write instanceof Write.RegisterWrite register) {
            Placed<Write.RegisterWrite> former = registers.put(register.name(), new Placed<>(register, in));
            release(former, former == null ? 0 : bytes(former.content()));
            use.add(in, bytes(register));
        } else if (write instanceof Write.FormationWrite newFormation) {
            release(formation, SCALAR_BYTES);
            formation = new Placed<>(newFormation, in);
            use.add(in, SCALAR_BYTES);
        } else if (write instanceof Write.PeerStartWrite peer) {
            release(peers.put(peer.peer(), new Placed<>(peer.start(), in)), SCALAR_BYTES);
            use.add(in, SCALAR_BYTES);
        } else {
            throw new IllegalArgumentException("a kind of write that is not known here: " + write);
        }
    }

    /** Takes in a start that is told of in a segment. */
    void apply(StoreRecord.Started start, long segment) {
        release(started, SCALAR_BYTES);
        int in = Math.toIntExact(segment);
        started = new Placed<>(start, in);
        use.add(in, SCALAR_BYTES);
        if (start.stranger()) {
            forgetVotes();
        }
    }

    /** The identity that promised is no more; what is decided stays. */
    private void forgetVotes() {
        logs.values().forEach(LiveLog::forgetUndecided);
        decrees.values().forEach(placed -> release(placed, DECREE_BYTES));
        decrees.clear();
        registers.values().forEach(placed -> release(placed, bytes(placed.content())));
        registers.clear();
        if (formation != null) {
            Write.FormationWrite facts =
                    new Write.FormationWrite(null, formation.content().formed(), List.of());
            formation = new Placed<>(facts, formation.segment());
        }
    }

    /** Values of registers may be large and stay, so they are counted. */
    private static long bytes(Write.RegisterWrite register) {
        return REGISTER_BYTES
                + (register.accepted() == null
                        ? 0L
                        : register.accepted().value().size());
    }

    private void release(@Nullable Placed<?> former, long bytes) {
        if (former != null) {
            use.remove(former.segment(), bytes);
        }
    }

    private LiveLog log(GroupId group) {
        return logs.computeIfAbsent(group, g -> new LiveLog(g, use));
    }

    /** The last start told of, or null. */
    StoreRecord.@Nullable Started started() {
        return started == null ? null : started.content();
    }

    /** The logs and how far each is compacted. */
    Map<GroupId, Long> compacted() {
        Map<GroupId, Long> marks = new HashMap<>();
        logs.forEach((group, log) -> marks.put(group, log.compacted()));
        return marks;
    }

    /** Decrees that are decided elsewhere are not undecided, whatever was written last. */
    void dropDecided(DecidedNames decided) {
        decrees.entrySet().removeIf(entry -> {
            boolean settled = decided.contains(entry.getKey());
            if (settled) {
                release(entry.getValue(), DECREE_BYTES);
            }
            return settled;
        });
    }

    Write.FormationWrite formation() {
        return formation == null ? RecoveredState.NOT_FORMED : formation.content();
    }

    Map<Endpoint, Long> peerStarts() {
        Map<Endpoint, Long> starts = new HashMap<>();
        peers.forEach((peer, placed) -> starts.put(peer, placed.content()));
        return starts;
    }

    Map<DecreeName, Write.DecreeWrite> decrees() {
        Map<DecreeName, Write.DecreeWrite> writes = new HashMap<>();
        decrees.forEach((name, placed) -> writes.put(name, placed.content()));
        return writes;
    }

    Map<RegisterName, Write.RegisterWrite> registers() {
        Map<RegisterName, Write.RegisterWrite> writes = new HashMap<>();
        registers.forEach((name, placed) -> writes.put(name, placed.content()));
        return writes;
    }

    Map<GroupId, LiveLog> logs() {
        return logs;
    }

    /**
     * Tells again what has its newest record in a segment, a part at a time; nothing older than what is in force is ever
     * told.
     *
     * @param maxBytes about how much to tell at a time
     * @return the records; none if nothing is left there but decided decrees
     */
    List<StoreRecord> tellAgain(long segment, long maxBytes) {
        int in = Math.toIntExact(segment);
        List<StoreRecord> records = new ArrayList<>();
        if (started != null && started.segment() == in) {
            records.add(started.content().again());
        }
        if (formation != null && formation.segment() == in) {
            records.add(StoreRecord.Written.of(formation.content()));
        }
        peers.forEach((peer, placed) -> {
            if (placed.segment() == in) {
                records.add(StoreRecord.Written.of(new Write.PeerStartWrite(peer, placed.content())));
            }
        });
        long bytes = 0;
        for (Placed<Write.DecreeWrite> placed : decrees.values()) {
            if (bytes >= maxBytes) {
                break;
            }
            if (placed.segment() == in) {
                StoreRecord record = StoreRecord.Written.of(placed.content());
                records.add(record);
                bytes += record.size();
            }
        }
        for (Placed<Write.RegisterWrite> placed : registers.values()) {
            if (bytes >= maxBytes) {
                break;
            }
            if (placed.segment() == in) {
                StoreRecord record = StoreRecord.Written.of(placed.content());
                records.add(record);
                bytes += record.size();
            }
        }
        for (LiveLog log : logs.values()) {
            if (bytes >= maxBytes) {
                break;
            }
            for (Write write : log.tellAgain(in, maxBytes - bytes)) {
                StoreRecord record = StoreRecord.Written.of(write);
                records.add(record);
                bytes += record.size();
            }
        }
        return records;
    }
}
