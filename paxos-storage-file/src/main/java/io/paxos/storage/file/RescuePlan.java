// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.Configuration;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Membership;
import io.paxos.model.SlotRange;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the surviving stores of a cluster hold, and what they cannot know.
 *
 * <p>A value was chosen if a phase-2 quorum accepted it, and may then have been acknowledged to a caller. Where the voters
 * whose stores are not here contain a phase-2 quorum, they may have chosen anything among themselves, as much as they
 * pleased; no store that is here could tell. Where they do not, every chosen value was accepted by somebody who is here,
 * and among what the stores hold for a slot or a name the proposal of the highest ballot is the one that may have been
 * chosen: it is the reasoning of phase 1, with the stores in place of promises.
 *
 * @param cluster the name of the cluster
 * @param formed the vector with which it formed
 * @param isQuorumLeft whether the stores, started again as they are, would go on: then nothing is to be rescued
 * @param stores what was read
 * @param logs each log, in the order of their names
 * @param decrees the decrees
 * @param registers the registers
 */
public record RescuePlan(
        ClusterName cluster,
        Membership formed,
        boolean isQuorumLeft,
        List<Store> stores,
        List<Log> logs,
        Leaderless decrees,
        Leaderless registers) {

    /** Copies the lists. */
    public RescuePlan {
        stores = List.copyOf(stores);
        logs = List.copyOf(logs);
    }

    /**
     * Whether anything that was chosen may be missing in what the stores hold.
     *
     * @return false if it is certain that all of it is there
     */
    public boolean mayMiss() {
        return decrees.mayMiss()
                || registers.mayMiss()
                || logs.stream().anyMatch(log -> log.missingFrom() != Log.NOTHING_MISSING);
    }

    /**
     * A store.
     *
     * @param directory where it lies
     * @param owner the node and the identity of the store
     * @param starts how often it was opened
     * @param isBackup whether it is a backup
     * @param isInUse whether a node has it open now
     * @param voteless why it does not hold every vote its node gave, so that it counts among those that are not here; null
     *     if it holds them all
     */
    public record Store(
            Path directory,
            Endpoint owner,
            long starts,
            boolean isBackup,
            boolean isInUse,
            @Nullable String voteless) {}

    /**
     * A log. What is certain ends with {@code decided}; what the stores hold behind it may have been chosen.
     *
     * @param group which one
     * @param best the store that knows most decisions
     * @param snapshot its snapshot stands for every slot up to here; 0 if it has none
     * @param decided every slot up to here is decided, and there
     * @param held slots behind that hold a proposal in some store: each may have been chosen, and is kept
     * @param empty slots between these of which no store holds anything; they are closed with no-ops
     * @param promised the highest ballot that any store has promised
     * @param governing who votes in the slots behind, one configuration after another; where changes of membership are
     *     among the proposals held, these too
     * @param missingFrom the first slot that may have been chosen and be missing, or be another value than the one held;
     *     there is no telling up to where. {@link #NOTHING_MISSING} if there is none.
     */
    public record Log(
            GroupId group,
            Path best,
            long snapshot,
            long decided,
            List<SlotRange> held,
            List<SlotRange> empty,
            Ballot promised,
            List<Configuration> governing,
            long missingFrom) {

        /** No slot that was chosen can be missing. */
        public static final long NOTHING_MISSING = 0;

        /** Copies the lists. */
        public Log {
            held = List.copyOf(held);
            empty = List.copyOf(empty);
            governing = List.copyOf(governing);
        }

        /**
         * The last slot that the new cluster begins with.
         *
         * @return at least {@code decided}
         */
        public long last() {
            long last = decided;
            for (SlotRange range : held) {
                last = Math.max(last, range.end() - 1);
            }
            return last;
        }
    }

    /**
     * The decrees, or the registers.
     *
     * @param decided how many decrees are certainly decided; 0 of registers, which never are for good
     * @param held how many others hold a proposal that may have been chosen, and is kept
     * @param blank the names that were asked about while nothing, or nothing of the last operation, reached the stores
     *     that are here: if anything may be missing, they are the first to look at. The first hundred, in their order.
     * @param blanks how many those are
     * @param mayMiss whether names that no store knows may have been decided, and what is held of undecided ones may be
     *     another value than the one chosen
     */
    public record Leaderless(long decided, long held, List<String> blank, long blanks, boolean mayMiss) {
        /** Copies the list. */
        public Leaderless {
            blank = List.copyOf(blank);
        }
    }
}
