// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.model.Ballot;
import io.paxos.model.Configuration;
import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How a node sees itself and its cluster, at one moment.
 *
 * @param self the node's name and incarnation
 * @param formed the vector with which the cluster formed, or null if it has not formed as far as this node knows
 * @param stranger why this node's votes on decrees and registers do not count, or null if they do or the cluster has not
 *     formed; who votes in a log, {@link Group#membership} says
 * @param notice what an operator should look at, such as a node that counts by another rule, or null
 * @param halted why the node stopped, or null
 * @param decidedDecrees how many decrees it knows to be decided
 * @param openDecrees how many decrees it proposes or asks about now
 * @param groups its logs
 * @param electorate who votes on decrees and registers, as far as this node knows: the versions are the epochs (rule 16);
 *     null if the cluster has not formed
 */
public record NodeStatus(
        Endpoint self,
        io.paxos.model.@Nullable Membership formed,
        @Nullable String stranger,
        @Nullable String notice,
        @Nullable String halted,
        long decidedDecrees,
        int openDecrees,
        SortedMap<GroupId, Group> groups,
        @Nullable Membership electorate) {

    /** Of a node of which it is not known who votes on decrees and registers. */
    public NodeStatus(
            Endpoint self,
            io.paxos.model.@Nullable Membership formed,
            @Nullable String stranger,
            @Nullable String notice,
            @Nullable String halted,
            long decidedDecrees,
            int openDecrees,
            SortedMap<GroupId, Group> groups) {
        this(self, formed, stranger, notice, halted, decidedDecrees, openDecrees, groups, null);
    }

    /**
     * One log as this node sees it.
     *
     * @param role the part this node plays
     * @param leader the leader it hears, or null
     * @param ballot the highest ballot promised here
     * @param decided every slot up to here is decided here
     * @param applied every slot up to here is executed here
     * @param compacted every slot up to here is forgotten here: a snapshot stands for it
     * @param inFlight how many slots this node proposes now, if it leads
     * @param waiting how many commands of this node's callers wait for an answer
     * @param halted why the replica stopped, or null
     * @param membership who votes in it, or null until the cluster has formed
     * @param odd where states are compared: who has come to another state than more than half of the voters, as far as
     *     this node knows, and has not been found to agree since
     * @param known the highest slot that this node has been told is decided; what lies above {@code decided} it is to fetch
     * @param leaderlessTicks for how many ticks it has heard no leader, 0 if it hears one or leads, -1 if it has heard none
     *     since its start
     * @param lags on a leader, how many of the slots decided here each other voter has not reported as decided there, which
     *     voters do with each heartbeat; one that has reported nothing to this leader is left out. Empty on other nodes
     * @param level the feature level at which it works, as far as this node knows: what may be put into it
     */
    public record Group(
            Effect.RoleName role,
            @Nullable NodeId leader,
            Ballot ballot,
            long decided,
            long applied,
            long compacted,
            int inFlight,
            int waiting,
            @Nullable String halted,
            @Nullable Membership membership,
            Set<NodeId> odd,
            long known,
            long leaderlessTicks,
            SortedMap<NodeId, Long> lags,
            FeatureLevel level) {}

    /**
     * Who belongs to one log, as far as this node knows.
     *
     * @param current the configuration that governs the next slot
     * @param latest the configuration decided last; the same, unless it does not govern yet
     * @param from the first slot that the latest one governs
     * @param standing what this node is by the latest one
     */
    public record Membership(Configuration current, Configuration latest, long from, Standing standing) {}

    /** What a node is in a log. */
    public enum Standing {
        /** Its votes count. */
        VOTER,
        /** It belongs to the log and learns. */
        OBSERVER,
        /** Its name votes with another store, or another start of it: this one learns, until it is admitted again. */
        STRANGER,
        /** It does not belong, because it has been removed or was never admitted; it learns as long as it asks. */
        OUTSIDE;

        static Standing of(Configuration configuration, Endpoint node, boolean counted) {
            if (configuration.counts(node) && counted) {
                return VOTER;
            }
            if (configuration.voters().voters().containsKey(node.node())) {
                return STRANGER;
            }
            return configuration.observers().contains(node.node()) ? OBSERVER : OUTSIDE;
        }
    }
}
