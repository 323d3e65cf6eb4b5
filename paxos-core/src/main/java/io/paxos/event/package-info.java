/** What happens to a node, and what a node wants done: the two families between which the pure machine stands. */
@NullMarked
package io.paxos.event;

import org.jspecify.annotations.NullMarked;
