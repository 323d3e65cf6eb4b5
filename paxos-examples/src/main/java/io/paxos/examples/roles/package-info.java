/** One decree by hand: the bare roles of {@code io.paxos.single}, without threads, clocks or a network. */
@NullMarked
package io.paxos.examples.roles;

import org.jspecify.annotations.NullMarked;
