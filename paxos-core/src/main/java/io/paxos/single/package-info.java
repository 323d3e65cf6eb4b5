/**
 * Single-decree Paxos, to be read beside "Paxos Made Simple" (Lamport, 2001): the three roles as pure objects, and the
 * three decisions on which safety stands. Nothing here has a thread, a clock, I/O or randomness of its own.
 */
@NullMarked
package io.paxos.single;

import org.jspecify.annotations.NullMarked;
