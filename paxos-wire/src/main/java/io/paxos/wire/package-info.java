/**
 * The wire format: messages to bytes and back. Start at {@link io.paxos.wire.WireCodec}.
 *
 * <pre>
 *  +---------+----------------------------------------------+
 *  | version | Envelope of wire.proto, one protobuf message |     no length: whoever frames puts it in front
 *  +---------+----------------------------------------------+
 * </pre>
 */
@NullMarked
package io.paxos.wire;

import org.jspecify.annotations.NullMarked;
