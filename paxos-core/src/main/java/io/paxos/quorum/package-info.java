/**
 * Which sets of acceptors suffice, and counting them once each.
 *
 * <pre>
 *      phase-1 quorum {a, b}          every phase-1 quorum shares an acceptor
 *                      |              with every phase-2 quorum; two of the same
 *      phase-2 quorum {b, c}          phase need not (Flexible Paxos)
 * </pre>
 */
@NullMarked
package io.paxos.quorum;

import org.jspecify.annotations.NullMarked;
