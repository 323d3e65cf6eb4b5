/** The node runtime: the only package with threads, clocks and input or output. */
@NullMarked
package io.paxos.node;

import org.jspecify.annotations.NullMarked;
