/**
 * Multi-Paxos over slots: one promise for all slots, phase 2 for many slots in flight, values chosen out of order and
 * decided in order. The parts know nothing of roles, elections or callers.
 *
 * <pre>
 *  slot        1     2     3     4     5     6     7     8
 *           +-----+-----+-----+-----+-----+-----+-----+-----+
 *           |compacted  | decided   |chosen|    |chosen|    |   in flight
 *           +-----+-----+-----+-----+-----+-----+-----+-----+
 *                       |           |            |
 *         a snapshot    |  LogLearner decides    |  PhaseTwo counts votes slot by slot,
 *         stands here --+  what has no gap below +- Pipeline says how far ahead
 * </pre>
 *
 * <table>
 * <caption>What does what</caption>
 * <tr><td>an acceptor's memory</td><td>{@code AcceptedLog}, {@code LogAcceptor}</td></tr>
 * <tr><td>a proposer with one ballot for all slots</td><td>{@code PhaseOne}, {@code PhaseTwo}, {@code Pipeline}</td></tr>
 * <tr><td>what is chosen, and in which order</td><td>{@code LogLearner}, {@code CatchUp}, {@code SnapshotTransfer}</td></tr>
 * <tr><td>who votes in which slot (rule 10)</td><td>{@code Regimes}, {@code Changes}</td></tr>
 * </table>
 */
@NullMarked
package io.paxos.log;

import org.jspecify.annotations.NullMarked;
