/** Looks into the directory in which a node keeps its state. */
@NullMarked
package io.paxos.examples.journal;

import org.jspecify.annotations.NullMarked;
