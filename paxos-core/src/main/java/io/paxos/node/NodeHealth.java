// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.GroupId;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an orchestrator wants to know of a node, as two questions with different answers: whether it has to be restarted
 * (<em>liveness</em>), and whether callers should be sent to it rather than to another (<em>readiness</em>). Every
 * reason is a sentence for a person; no reasons mean yes.
 *
 * <p>A node is <em>not live</em> only where a restart helps and nothing else does:
 * <ul>
 *   <li>its loop does not answer, so that nothing at all goes on;
 *   <li>it has halted as a whole: a write failed, after which it never votes again until it is restarted, or a defect
 *       of the library ended it;
 *   <li>one of its logs found a rule broken and stopped: what is in memory cannot be trusted, what is in the store can;
 *   <li>it has been closed.
 * </ul>
 *
 * <p>A log that stopped because its state machine threw, or came to another state than the others, makes the node not
 * ready, and never not live: the command is in the log, and executed again after every restart, which would take the
 * other logs and the decrees of the node with it each time.
 *
 * <p>A node is <em>not ready</em> while it is not live, until its cluster has formed, and by each of its logs that has
 * stopped, in which it is a stranger or was removed, that is far behind, or that has heard no leader for long. One
 * election does not count as long, so that elections do not take all nodes out of service at once; see
 * {@link HealthPolicy}. That no leader can be had at all is true of all nodes alike: after that time all of them are
 * not ready, and callers hear so from the orchestrator instead of waiting for their deadlines.
 *
 * @param dead why the node has to be restarted; empty if it has not
 * @param notReady why callers should be sent elsewhere whatever they want; empty if nothing speaks against the node as a
 *     whole
 * @param groups for each log that the node takes part in, why callers of that log should be sent elsewhere; an empty list
 *     if nothing speaks against it
 */
public record NodeHealth(List<String> dead, List<String> notReady, SortedMap<GroupId, List<String>> groups) {

    /** Copies what it is given. */
    public NodeHealth {
        dead = List.copyOf(dead);
        notReady = List.copyOf(notReady);
        SortedMap<GroupId, List<String>> copies = new TreeMap<>();
        groups.forEach((group, reasons) -> copies.put(group, List.copyOf(reasons)));
        groups = Collections.unmodifiableSortedMap(copies);
    }

    /**
     * The answer to a liveness probe.
     *
     * @return false if the process should be restarted
     */
    public boolean isLive() {
        return dead.isEmpty();
    }

    /**
     * The answer to the readiness probe of a service that needs all logs of the node.
     *
     * @return true if the node is live and nothing speaks against it or any of its logs
     */
    public boolean isReady() {
        return isLive() && notReady.isEmpty() && groups.values().stream().allMatch(List::isEmpty);
    }

    /**
     * The answer to the readiness probe of a service that needs one log.
     *
     * @param group the log
     * @return true if the node is live, takes part in the log, and nothing speaks against either
     */
    public boolean isReady(GroupId group) {
        List<String> reasons = groups.get(group);
        return isLive() && notReady.isEmpty() && reasons != null && reasons.isEmpty();
    }
}
