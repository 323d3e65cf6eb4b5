/** What one command goes through on all nodes. */
@NullMarked
package io.paxos.examples.trace;

import org.jspecify.annotations.NullMarked;
