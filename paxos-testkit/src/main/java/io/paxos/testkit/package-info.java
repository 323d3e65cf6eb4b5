/** The simulator, its checkers, and contract tests for implementers of the interfaces in {@code io.paxos.spi}. */
@NullMarked
package io.paxos.testkit;

import org.jspecify.annotations.NullMarked;
