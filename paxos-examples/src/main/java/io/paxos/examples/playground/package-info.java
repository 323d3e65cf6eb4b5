/** A cluster to play with, on a page in the browser: the simulator's nodes, driven by hand. */
@NullMarked
package io.paxos.examples.playground;

import org.jspecify.annotations.NullMarked;
