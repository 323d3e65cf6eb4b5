// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.parts;

import io.paxos.message.Envelope;
import io.paxos.wire.WireCodec;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** An Accept to bytes and back; one operation is one message. */
@State(Scope.Thread)
public class CodecBenchmark {

    private static final int COMMAND_BYTES = 16;

    /** How many commands share the Accept. */
    @Param({"1", "64"})
    public int commands;

    private Envelope envelope = Accepts.envelope(1, COMMAND_BYTES);
    private byte[] bytes = {};

    /** Makes the message. */
    @Setup
    public void setUp() {
        envelope = Accepts.envelope(commands, COMMAND_BYTES);
        bytes = WireCodec.encode(envelope);
    }

    /** To an array of its own. */
    @Benchmark
    public byte[] encode() {
        return WireCodec.encode(envelope);
    }

    /** From a buffer on the heap. */
    @Benchmark
    public Envelope decode() {
        return WireCodec.decode(ByteBuffer.wrap(bytes));
    }
}
