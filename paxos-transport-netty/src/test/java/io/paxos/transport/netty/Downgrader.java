// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Someone on the way between two nodes who makes the client's hello offer TLS 1.2 only. */
final class Downgrader implements AutoCloseable {

    private static final byte[] BOTH = {0, 0x2b, 0, 5, 4, 3, 4, 3, 3};
    private static final int OFFER = 5;

    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());

    Downgrader() throws IOException {}

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Passes on what comes, the hellos changed, until it is closed. */
    void forwardOneHelloTo(int port) {
        Thread thread = new Thread(() -> forward(port), "downgrader");
        thread.setDaemon(true);
        thread.start();
    }

    private void forward(int port) {
        while (!server.isClosed()) {
            try (Socket client = server.accept();
                    Socket there = new Socket(InetAddress.getLoopbackAddress(), port)) {
                there.getOutputStream().write(changed(record(new DataInputStream(client.getInputStream()))));
                OutputStream back = client.getOutputStream();
                there.getInputStream().transferTo(back);
            } catch (IOException closed) {
                continue;
            }
        }
    }

    private static byte[] record(DataInputStream in) throws IOException {
        byte[] header = in.readNBytes(5);
        int length = Byte.toUnsignedInt(header[3]) << 8 | Byte.toUnsignedInt(header[4]);
        byte[] record = new byte[5 + length];
        System.arraycopy(header, 0, record, 0, 5);
        in.readFully(record, 5, length);
        return record;
    }

    private static byte[] changed(byte[] hello) {
        for (int at = 0; at + BOTH.length <= hello.length; at++) {
            if (java.util.Arrays.equals(hello, at, at + BOTH.length, BOTH, 0, BOTH.length)) {
                hello[at + OFFER + 1] = 3;
                return hello;
            }
        }
        throw new AssertionError("the hello offers something else than TLS 1.3 and 1.2");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
