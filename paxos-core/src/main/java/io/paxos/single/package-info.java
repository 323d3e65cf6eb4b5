/**
 * Single-decree Paxos, to be read in half an hour: the three roles, and the three decisions on which all of Paxos stands.
 *
 * <pre>
 *  Proposer                    Acceptors a, b, c            Learner
 *     |---- Prepare(b) --------------&gt;|                        |      may I promise b?
 *     |&lt;--- Promise(b, accepted) -----|                        |
 *     |  what must I propose?         |                        |
 *     |---- Accept(b, value) --------&gt;|                        |      may I accept at b?
 *     |&lt;--- Accepted(b) --------------|                        |
 *     |  a phase-2 quorum: chosen     |                        |
 *     |---- Decide(value) ------------+-----------------------&gt;|
 * </pre>
 *
 * <p>The questions at the margin are answered by {@link io.paxos.single.SafetyRules}, as pure functions; {@code io.paxos.log}
 * asks the same ones. {@code docs/paxos-in-seven-steps.md} leads through it.
 */
@NullMarked
package io.paxos.single;

import org.jspecify.annotations.NullMarked;
