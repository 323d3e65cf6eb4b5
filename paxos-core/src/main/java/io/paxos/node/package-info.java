/**
 * A node that runs: the pure machine of {@code io.paxos.replica} with threads, a clock, a transport and a store around
 * it. Start at {@link io.paxos.node.PaxosNode}.
 */
@NullMarked
package io.paxos.node;

import org.jspecify.annotations.NullMarked;
