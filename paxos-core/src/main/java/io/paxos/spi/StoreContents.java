// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What writes add up to, in memory: for a storage that replays its writes, or keeps no others. Not safe for use by
 * several threads.
 */
public final class StoreContents {

    /** Consecutive slots, as they were written; a later run may have written some of them again. */
    private record Run(long first, Ballot ballot, List<Value> values) {

        private long last() {
            return first + values.size() - 1;
        }

        private boolean covers(Run other) {
            return first <= other.first && other.last() <= last();
        }
    }

    /** What is kept of one log: runs, since only who opens the store again wants to know it slot by slot. */
    private static final class Log {
        private Ballot promised = Ballot.ZERO;
        private final List<Run> runs = new ArrayList<>();
        private long decided;
        private long compacted;

        private void put(long first, Ballot ballot, List<Value> values) {
            Run run = new Run(first, ballot, values);
            if (run.last() <= compacted) {
                return;
            }
            // Leaders that follow upon each other propose the same slots again and again while nothing is decided.
            while (!runs.isEmpty() && run.covers(runs.get(runs.size() - 1))) {
                runs.remove(runs.size() - 1);
            }
            runs.add(run);
        }

        private void trim(long upTo) {
            if (upTo > compacted) {
                compacted = upTo;
                decided = Math.max(decided, upTo);
                runs.removeIf(run -> run.last() <= upTo);
            }
        }

        private SortedMap<Long, Proposal<Value>> slots() {
            SortedMap<Long, Proposal<Value>> slots = new TreeMap<>();
            for (Run run : runs) {
                long slot = run.first;
                for (Value value : run.values) {
                    if (slot > compacted) {
                        slots.put(slot, new Proposal<>(run.ballot, value));
                    }
                    slot++;
                }
            }
            return slots;
        }
    }

    private final Map<GroupId, Log> groups = new HashMap<>();
    private final Map<DecreeName, Write.DecreeWrite> decrees = new HashMap<>();
    private final Map<DecreeName, Payload> decided = new HashMap<>();
    private final Map<RegisterName, Write.RegisterWrite> registers = new HashMap<>();
    private final Map<Endpoint, Long> peerStarts = new HashMap<>();
    private Write.FormationWrite formation = RecoveredState.NOT_FORMED;

    /** Nothing written yet. */
    public StoreContents() {}

    /**
     * Adds a write.
     *
     * @param write the write
     */
    public void apply(Write write) {
        if (write instanceof Write.AcceptWrite accept) {
            Log log = log(accept.group());
            log.promised = Ballot.max(log.promised, accept.ballot());
            log.put(accept.first(), accept.ballot(), accept.values());
        } else if (write instanceof Write.DecidedWrite mark) {
            Log log = log(mark.group());
            log.decided = Math.max(log.decided, mark.decided());
        } else if (write instanceof Write.PromiseWrite promise) {
            Log log = log(promise.group());
            log.promised = Ballot.max(log.promised, promise.promised());
        } else if (write instanceof Write.LearnWrite learn) {
            log(learn.group()).put(learn.first(), Ballot.ZERO, learn.values());
        } else if (write instanceof Write.TrimWrite trim) {
            log(trim.group()).trim(trim.compacted());
        } else if (write instanceof Write.DecreeWrite decree) {
            if (!decided.containsKey(decree.name())) {
                decrees.put(decree.name(), decree);
            }
        } else if (write instanceof Write.DecreeDecidedWrite decision) {
            decrees.remove(decision.name());
            decided.put(decision.name(), decision.value());
        } else if (write instanceof Write.RegisterWrite register) {
            registers.put(register.name(), register);
        } else if (write instanceof Write.FormationWrite newFormation) {
            formation = newFormation;
        } else if (write instanceof Write.PeerStartWrite peer) {
            peerStarts.put(peer.peer(), peer.start());
        } else {
            throw new IllegalArgumentException("a kind of write that is not known here: " + write);
        }
    }

    private Log log(GroupId group) {
        return groups.computeIfAbsent(group, g -> new Log());
    }

    /**
     * How far a log has been forgotten.
     *
     * @param group the log
     * @return the last slot trimmed, 0 if none
     */
    public long compacted(GroupId group) {
        Log log = groups.get(group);
        return log == null ? 0 : log.compacted;
    }

    /**
     * The logs ever written to.
     *
     * @return their names, to be copied where they must not change
     */
    public Iterable<GroupId> groups() {
        return groups.keySet();
    }

    /**
     * All of it, as a node that opens the store is given it.
     *
     * @param incarnation the identity of the store
     * @param start the number of this start
     * @param snapshots finds the newest snapshot of a log, or null
     * @return a copy
     * @throws IllegalArgumentException if slots were forgotten for which no snapshot stands
     */
    public RecoveredState recovered(
            Incarnation incarnation, long start, Function<GroupId, @Nullable SnapshotInfo> snapshots) {
        Map<GroupId, RecoveredState.Log> logs = new HashMap<>();
        groups.forEach((group, log) -> logs.put(
                group,
                new RecoveredState.Log(log.promised, log.slots(), log.decided, log.compacted, snapshots.apply(group))));
        return new RecoveredState(
                incarnation, start, formation, peerStarts, logs, decrees, new HashMap<>(decided), registers);
    }
}
