// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.buffer.ByteBuf;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.wire.WireCodec;
import java.nio.charset.StandardCharsets;

/**
 * The first thing either end says: who it is, and whom it takes the other for. On the wire: the magic, the version of
 * the frames and of the envelopes, one byte each, then the rest. Whatever a later version changes, magic and versions
 * stay where they are, so that both ends can say what does not fit. Bytes behind the end are skipped.
 *
 * @param cluster the cluster of the sender
 * @param from the sender
 * @param to the node that the sender believes to talk to
 */
record Handshake(ClusterName cluster, Endpoint from, NodeId to) {

    static final int FRAMING_VERSION = 1;

    private static final byte[] MAGIC = "PAXOS".getBytes(StandardCharsets.US_ASCII);

    void write(ByteBuf out) {
        out.writeBytes(MAGIC).writeByte(FRAMING_VERSION).writeByte(WireCodec.VERSION);
        writeName(out, cluster.name());
        writeName(out, from.node().name());
        out.writeLong(from.incarnation().bits());
        writeName(out, to.name());
    }

    static Handshake read(ByteBuf in) throws BadFrame {
        for (byte expected : MAGIC) {
            if (!in.isReadable() || in.readByte() != expected) {
                throw new BadFrame("it does not speak the Paxos protocol; point it at another port");
            }
        }
        int framing = readByte(in);
        int wire = readByte(in);
        if (framing != FRAMING_VERSION || wire != WireCodec.VERSION) {
            throw new BadFrame("it speaks frame version " + framing + " and wire version " + wire
                    + ", this node frame version " + FRAMING_VERSION + " and wire version " + WireCodec.VERSION
                    + "; run releases that share a version");
        }
        try {
            ClusterName cluster = new ClusterName(readName(in));
            NodeId from = new NodeId(readName(in));
            if (in.readableBytes() < Long.BYTES) {
                throw new BadFrame("its handshake ends too early");
            }
            Incarnation incarnation = new Incarnation(in.readLong());
            return new Handshake(cluster, new Endpoint(from, incarnation), new NodeId(readName(in)));
        } catch (IllegalArgumentException e) {
            throw new BadFrame(
                    "its handshake holds a name that cannot be: " + Frames.printable(String.valueOf(e.getMessage())));
        }
    }

    private static void writeName(ByteBuf out, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        out.writeByte(bytes.length).writeBytes(bytes);
    }

    private static String readName(ByteBuf in) throws BadFrame {
        int length = readByte(in);
        if (in.readableBytes() < length) {
            throw new BadFrame("its handshake ends too early");
        }
        return in.readCharSequence(length, StandardCharsets.ISO_8859_1).toString();
    }

    private static int readByte(ByteBuf in) throws BadFrame {
        if (!in.isReadable()) {
            throw new BadFrame("its handshake ends too early");
        }
        return in.readUnsignedByte();
    }
}
