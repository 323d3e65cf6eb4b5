// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A connection to a transport below TLS: what TLS writes can be read, and what TLS would not write can be written. */
final class Tap extends Socket {

    private byte[] last = new byte[0];

    private Tap() {}

    static Tap to(NettyTransport transport) throws IOException {
        Tap tap = new Tap();
        tap.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), transport.port()));
        tap.setTcpNoDelay(true);
        tap.setSoTimeout(20_000);
        return tap;
    }

    /** TLS on this connection. */
    SSLSocket tls(SSLContext context, String... protocols) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(this, "127.0.0.1", getPort(), true);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        return socket;
    }

    /** What was written last in one piece. */
    byte[] lastWritten() {
        return last;
    }

    /** Writes past TLS. */
    void inject(byte... bytes) throws IOException {
        OutputStream out = super.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                last = Arrays.copyOfRange(bytes, from, from + length);
                out.write(bytes, from, length);
            }
        };
    }
}
