/** The wire format: messages to bytes and back. */
@NullMarked
package io.paxos.wire;

import org.jspecify.annotations.NullMarked;
