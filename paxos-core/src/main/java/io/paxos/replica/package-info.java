/**
 * One node as a pure machine: formation, decrees and the replicas of its logs, driven by events.
 *
 * <pre>
 *  Event --&gt; NodeMachine --+-- Formation                who votes, down to the store
 *                          +-- Decrees, Registers       {@code io.paxos.decree}
 *                          +-- Replicas --+-- Replica of log "a"
 *                                         +-- Replica of log "b"
 *                                              |
 *               +------------------+-----------+-------+------------------+
 *               |                  |                   |                  |
 *             Office            Inbound             Learning          Submissions
 *          who leads: Leader,   what others say,    what is decided,  callers and their
 *          Election,            as acceptor and     AppliedState,     commands, ReadBarrier,
 *          Canvassing           as learner          snapshots         Resolutions
 * </pre>
 *
 * <p>A step takes events and gives effects, in the order in which they are to be carried out; a vote is an effect <em>within</em> the
 * write that it waits for. No class here has a thread, a clock or randomness of its own: two hosts drive them, {@code io.paxos.node}
 * and the simulator of {@code paxos-testkit}.
 */
@NullMarked
package io.paxos.replica;

import org.jspecify.annotations.NullMarked;
