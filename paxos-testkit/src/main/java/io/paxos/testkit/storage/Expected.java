// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.Write;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What writes add up to, by the words of {@link Write} and {@link RecoveredState} alone: it shares no code with the
 * product, so that an error there is an error and not the yardstick.
 *
 * @param formation the latest word on the formation
 * @param peerStarts the latest start of each peer
 * @param logs what is kept of each log
 * @param decrees the undecided decrees
 * @param decided the decided ones
 * @param registers the acceptors of registers
 */
public record Expected(
        Write.FormationWrite formation,
        Map<Endpoint, Long> peerStarts,
        Map<GroupId, Log> logs,
        Map<DecreeName, Write.DecreeWrite> decrees,
        Map<DecreeName, Payload> decided,
        Map<RegisterName, Write.RegisterWrite> registers) {

    /** A store to which nothing was written. */
    public static final Expected NOTHING =
            new Expected(RecoveredState.NOT_FORMED, Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

    /**
     * What is kept of one log.
     *
     * @param promised the highest ballot promised
     * @param slots what each slot holds
     * @param decided every slot up to here is decided
     * @param compacted every slot up to here is forgotten
     */
    public record Log(Ballot promised, SortedMap<Long, Proposal<Value>> slots, long decided, long compacted) {

        static final Log EMPTY = new Log(Ballot.ZERO, new TreeMap<>(), 0, 0);

        private Log holding(Ballot newPromise, Ballot ballot, long first, List<Value> values) {
            SortedMap<Long, Proposal<Value>> changed = new TreeMap<>(slots);
            for (int i = 0; i < values.size(); i++) {
                if (first + i > compacted) {
                    changed.put(first + i, new Proposal<>(ballot, values.get(i)));
                }
            }
            return new Log(newPromise, changed, decided, compacted);
        }

        private Log trimmed(long upTo) {
            if (upTo <= compacted) {
                return this;
            }
            return new Log(promised, new TreeMap<>(slots.tailMap(upTo + 1)), Math.max(decided, upTo), upTo);
        }
    }

    /**
     * The state after another batch.
     *
     * @param batch the writes, in order
     * @return a new state
     */
    public Expected after(List<Write> batch) {
        Expected state = this;
        for (Write write : batch) {
            state = state.after(write);
        }
        return state;
    }

    private Expected after(Write write) {
        if (write instanceof Write.FormationWrite w) {
            return new Expected(w, peerStarts, logs, decrees, decided, registers);
        } else if (write instanceof Write.PeerStartWrite w) {
            return new Expected(formation, with(peerStarts, w.peer(), w.start()), logs, decrees, decided, registers);
        } else if (write instanceof Write.DecreeWrite w) {
            return decided.containsKey(w.name())
                    ? this
                    : new Expected(formation, peerStarts, logs, with(decrees, w.name(), w), decided, registers);
        } else if (write instanceof Write.DecreeDecidedWrite w) {
            Map<DecreeName, Write.DecreeWrite> open = new HashMap<>(decrees);
            open.remove(w.name());
            return new Expected(formation, peerStarts, logs, open, with(decided, w.name(), w.value()), registers);
        } else if (write instanceof Write.RegisterWrite w) {
            return new Expected(formation, peerStarts, logs, decrees, decided, with(registers, w.name(), w));
        } else if (write instanceof Write.PromiseWrite w) {
            Log log = log(w.group());
            Ballot promise = Ballot.max(log.promised, w.promised());
            return with(w.group(), new Log(promise, log.slots, log.decided, log.compacted));
        } else if (write instanceof Write.AcceptWrite w) {
            Log log = log(w.group());
            Ballot promise = Ballot.max(log.promised, w.ballot());
            return with(w.group(), log.holding(promise, w.ballot(), w.first(), w.values()));
        } else if (write instanceof Write.LearnWrite w) {
            Log log = log(w.group());
            return with(w.group(), log.holding(log.promised, Ballot.ZERO, w.first(), w.values()));
        } else if (write instanceof Write.DecidedWrite w) {
            Log log = log(w.group());
            long mark = Math.max(log.decided, w.decided());
            return with(w.group(), new Log(log.promised, log.slots, mark, log.compacted));
        } else if (write instanceof Write.TrimWrite w) {
            return with(w.group(), log(w.group()).trimmed(w.compacted()));
        }
        throw new IllegalArgumentException("a kind of write that the contract does not know: " + write);
    }

    private Expected with(GroupId group, Log log) {
        return new Expected(formation, peerStarts, with(logs, group, log), decrees, decided, registers);
    }

    private static <K, V> Map<K, V> with(Map<K, V> map, K key, V value) {
        Map<K, V> changed = new HashMap<>(map);
        changed.put(key, value);
        return changed;
    }

    /**
     * What is kept of a log.
     *
     * @param group the log
     * @return its state, empty if it was never written to
     */
    public Log log(GroupId group) {
        return logs.getOrDefault(group, Log.EMPTY);
    }

    /**
     * Compares with what was recovered; identity, start and snapshots aside.
     *
     * @param found what a store says it holds
     * @return what differs, or null if nothing does
     */
    public @Nullable String difference(RecoveredState found) {
        if (!formation.equals(found.formation())) {
            return "formation " + found.formation() + " instead of " + formation;
        }
        if (!peerStarts.equals(found.peerStarts())) {
            return "starts of peers " + found.peerStarts() + " instead of " + peerStarts;
        }
        if (!decrees.equals(found.decrees())) {
            return "undecided decrees " + found.decrees() + " instead of " + decrees;
        }
        if (!decided.equals(found.decided())) {
            return "decided decrees " + found.decided() + " instead of " + decided;
        }
        if (!registers.equals(found.registers())) {
            return "registers " + found.registers() + " instead of " + registers;
        }
        for (Map.Entry<GroupId, Log> entry : logs.entrySet()) {
            RecoveredState.Log log = found.groups().getOrDefault(entry.getKey(), RecoveredState.Log.EMPTY);
            String difference = difference(entry.getValue(), log);
            if (difference != null) {
                return "log " + entry.getKey() + ": " + difference;
            }
        }
        for (Map.Entry<GroupId, RecoveredState.Log> entry : found.groups().entrySet()) {
            String difference = logs.containsKey(entry.getKey()) ? null : difference(Log.EMPTY, entry.getValue());
            if (difference != null) {
                return "log " + entry.getKey() + ", never written to: " + difference;
            }
        }
        return null;
    }

    private static @Nullable String difference(Log log, RecoveredState.Log found) {
        if (!log.promised.equals(found.promised())) {
            return "promised " + found.promised() + " instead of " + log.promised;
        }
        if (log.decided != found.decided()) {
            return "decided up to " + found.decided() + " instead of " + log.decided;
        }
        if (log.compacted != found.compacted()) {
            return "compacted up to " + found.compacted() + " instead of " + log.compacted;
        }
        return log.slots.equals(found.slots()) ? null : "slots " + found.slots() + " instead of " + log.slots;
    }
}
