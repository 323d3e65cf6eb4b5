// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a store must hold at one moment: what it has confirmed, and possibly what was under way.
 *
 * @param least so many batches are confirmed
 * @param most so many batches have been begun
 * @param start the highest start that was handed out, 0 if none was
 * @param writtenSince whether a batch with anything in it was confirmed since that start was handed out
 * @param incarnation the identity that was handed out, or null if none was
 * @param committed the newest snapshot of each log whose commit was confirmed
 * @param possible snapshots that were being committed
 */
record Bounds(
        int least,
        int most,
        long start,
        boolean writtenSince,
        @Nullable Incarnation incarnation,
        Map<GroupId, Snapshot> committed,
        Set<Snapshot> possible) {

    /** Before a store is first opened. */
    static final Bounds FRESH = new Bounds(0, 0, 0, false, null, Map.of(), Set.of());

    /** After a store was opened and this was found in it, which is as good as confirmed from now on. */
    Bounds opened(Found found, int batches) {
        return new Bounds(
                batches,
                batches,
                found.state().start(),
                false,
                found.state().incarnation(),
                Map.copyOf(found.snapshots()),
                Set.of());
    }

    Bounds begun(int batch) {
        return new Bounds(least, batch, start, writtenSince, incarnation, committed, possible);
    }

    Bounds confirmed(int batch, boolean holdsAnything) {
        return new Bounds(batch, batch, start, writtenSince || holdsAnything, incarnation, committed, possible);
    }

    Bounds committing(Snapshot snapshot) {
        Set<Snapshot> more = new HashSet<>(possible);
        more.add(snapshot);
        return new Bounds(least, most, start, writtenSince, incarnation, committed, more);
    }

    Bounds committed(Snapshot snapshot) {
        Map<GroupId, Snapshot> more = new HashMap<>(committed);
        more.put(snapshot.group(), snapshot);
        return new Bounds(least, most, start, writtenSince, incarnation, more, possible);
    }

    /**
     * What may be missing where the very last thing that was forced is damaged: one batch, those behind it being empty, or
     * the start, which is a batch of the store's own.
     */
    Bounds withoutTheLast(Script script) {
        if (!writtenSince) {
            return new Bounds(least, most, start - 1, false, incarnation, committed, possible);
        }
        int last = least;
        while (script.isEmpty(last)) {
            last--;
        }
        return new Bounds(last - 1, most, start, true, incarnation, committed, possible);
    }

    /** The number of batches that what was found amounts to, the greatest that is allowed, or -1. */
    int batches(Found found, Script script) {
        for (int batches = most; batches >= least; batches--) {
            if (script.after(batches).difference(found.state()) == null) {
                return batches;
            }
        }
        return -1;
    }

    /**
     * Holds what was found against what must be there.
     *
     * @param snapshotsKept whether the newest snapshot must be there, or may be an older one or none, as long as what
     *     was trimmed is covered
     * @return what is wrong, or null
     */
    @Nullable
    String wrong(Found found, Script script, boolean snapshotsKept) {
        if (incarnation != null && !incarnation.equals(found.state().incarnation())) {
            return "the store is " + found.state().incarnation() + ", but it was " + incarnation
                    + ": a store has one incarnation for ever";
        }
        if (found.state().start() <= start) {
            return "start " + found.state().start() + " was handed out, but there was start " + start
                    + " before: each start must be a greater one (rule 7)";
        }
        if (batches(found, script) < 0) {
            return wrongBatches(found, script);
        }
        Set<GroupId> groups = new HashSet<>(committed.keySet());
        groups.addAll(found.snapshots().keySet());
        for (GroupId group : groups) {
            String wrong = wrongSnapshot(group, found.snapshots().get(group), script, snapshotsKept);
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    private String wrongBatches(Found found, Script script) {
        String must = least == most
                ? "all of batches 1 to " + least + " must be there and nothing else"
                : "batches 1 to " + least + " must be there, and batches up to " + most + " may be";
        for (int batches = script.batches(); batches >= 0; batches--) {
            if (script.after(batches).difference(found.state()) == null) {
                return "what was found is the state after batch " + batches + ", but " + must;
            }
        }
        return "what was found is the state after no batch, but " + must + "; against batch " + most + ": "
                + script.after(most).difference(found.state());
    }

    private @Nullable String wrongSnapshot(
            GroupId group, @Nullable Snapshot found, Script script, boolean snapshotsKept) {
        Snapshot confirmed = committed.get(group);
        if (found == null) {
            return snapshotsKept ? "the committed " + confirmed + " is gone" : null;
        }
        boolean older =
                confirmed != null && found.info().slot() < confirmed.info().slot();
        if (older && snapshotsKept) {
            return found + " was found, but " + confirmed + " had been committed";
        }
        for (Snapshot snapshot : script.snapshots()) {
            if (snapshot.group().equals(group) && snapshot.info().equals(found.info())) {
                if (!older && !snapshot.equals(confirmed) && !possible.contains(snapshot)) {
                    return found + " was found, which had not been committed";
                }
                return Arrays.equals(snapshot.bytes(), found.bytes())
                        ? null
                        : found + " does not hold the bytes that were written";
            }
        }
        return found + " was found, which nobody had written";
    }
}
