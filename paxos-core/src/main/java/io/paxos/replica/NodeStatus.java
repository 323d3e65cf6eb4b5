package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How a node sees itself and its cluster, at one moment.
 *
 * @param self the node's name and incarnation
 * @param formed the vector with which the cluster formed, or null if it has not formed as far as this node knows
 * @param stranger why this node's votes do not count, or null if they do or the cluster has not formed
 * @param notice what an operator should look at, such as a configured membership that differs from the formed one, or null
 * @param halted why the node stopped, or null
 * @param decidedDecrees how many decrees it knows to be decided
 * @param openDecrees how many decrees it proposes or asks about now
 * @param groups its logs
 */
public record NodeStatus(
        Endpoint self,
        @Nullable Membership formed,
        @Nullable String stranger,
        @Nullable String notice,
        @Nullable String halted,
        long decidedDecrees,
        int openDecrees,
        SortedMap<GroupId, Group> groups) {

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
            @Nullable String halted) {}
}
