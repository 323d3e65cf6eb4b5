/** The figures of a node and of its transport, for Micrometer. */
@NullMarked
package io.paxos.micrometer;

import org.jspecify.annotations.NullMarked;
