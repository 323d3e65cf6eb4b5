// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.paxos.message.Envelope;
import io.paxos.wire.WireCodec;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The other end of a connection, byte by byte, so that it can misbehave. */
final class RawPeer implements AutoCloseable {

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    static RawPeer connect(NettyTransport transport) throws IOException {
        return new RawPeer(new Socket(InetAddress.getLoopbackAddress(), transport.port()));
    }

    /**
     * A frame received.
     *
     * @param kind its kind
     * @param body its body
     */
    record Frame(byte kind, byte[] body) {

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void writeFrame(byte kind, byte[] body) throws IOException {
        ByteBuf frame = Unpooled.buffer(Frames.HEADER_BYTES + body.length);
        try {
            Frames.writeHeader(frame, kind, body.length);
            frame.writeBytes(body);
            write(frame.array());
        } finally {
            frame.release();
        }
    }

    void writeHandshake(byte kind, Handshake handshake) throws IOException {
        ByteBuf frame = Frames.handshake(UnpooledByteBufAllocator.DEFAULT, kind, handshake);
        try {
            byte[] bytes = new byte[frame.readableBytes()];
            frame.readBytes(bytes);
            write(bytes);
        } finally {
            frame.release();
        }
    }

    void writeEnvelope(Envelope envelope) throws IOException {
        writeFrame(Frames.kindOf(Lane.of(envelope), true), WireCodec.encode(envelope));
    }

    Frame readFrame() throws IOException {
        int length = in.readInt();
        assertThat(length).isBetween(1, Frames.MAX_LENGTH);
        byte kind = in.readByte();
        byte[] body = new byte[length - 1];
        in.readFully(body);
        return new Frame(kind, body);
    }

    /** Skips pings. */
    Frame readFrameOtherThanPing() throws IOException {
        Frame frame = readFrame();
        while (frame.kind() == Frames.PING) {
            frame = readFrame();
        }
        return frame;
    }

    /** Reads until the other end has closed the connection, and returns the reason that it gave before. */
    String readRefusal() throws IOException {
        Frame frame = readFrameOtherThanPing();
        assertThat(frame.kind()).isEqualTo(Frames.REFUSED);
        assertThat(in.read()).as("the connection is closed").isEqualTo(-1);
        return frame.text();
    }

    /** Reads until the other end has closed the connection, whatever it says before. */
    void readToTheEnd() throws IOException {
        in.readAllBytes();
    }

    /** Waits until the other end has closed the connection without a word. */
    void awaitClosed() throws IOException {
        assertThat(in.read()).as("the connection is closed").isEqualTo(-1);
    }

    /** Introduces itself and waits for the welcome. */
    void enter(Handshake handshake) throws IOException {
        writeHandshake(Frames.HANDSHAKE, handshake);
        assertThat(readFrame().kind()).isEqualTo(Frames.WELCOME);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
