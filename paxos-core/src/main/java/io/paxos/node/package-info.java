/**
 * A node that runs: the pure machine of {@code io.paxos.replica} with threads, a clock, a transport and a store around
 * it. Start at {@link io.paxos.node.PaxosNode}.
 *
 * <pre>
 *  callers --submit--&gt; CallDoor --+
 *  Transport --receive--&gt;         +--&gt; Mailbox --&gt; EventLoop --&gt; NodeMachine.step
 *  clock --tick-------------------+                    |
 *       +----------------------+----------------------+----------------------+
 *       |                      |                      |                      |
 *    GroupCommit            Outbox                GroupApplier           Callbacks
 *    writes of all logs,    to the transport      StateMachine.apply,    futures and
 *    one force for all      and to itself         log by log             listeners
 * </pre>
 *
 * <p>The loop never waits for a disk, for {@code apply} or for a caller, so heartbeats and votes do not wait for them either (rule 18).
 */
@NullMarked
package io.paxos.node;

import org.jspecify.annotations.NullMarked;
