// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Ports of this machine for processes that must be told where to listen before they run, and again when they are
 * started anew. A port that was found free and let go may be given to any connection before the process listens; so each
 * of these stays bound here, without listening: the system gives it to nobody who asks for any port, while a process
 * that asks for this very one, and allows the address to be used again as servers do, may listen.
 */
public final class HeldPorts implements AutoCloseable {

    private final List<SocketChannel> held = new ArrayList<>();

    /**
     * Takes so many ports.
     *
     * @throws IOException if there are not so many; none is held then
     */
    public HeldPorts(int count) throws IOException {
        try {
            for (int i = 0; i < count; i++) {
                SocketChannel channel = SocketChannel.open();
                held.add(channel);
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** The port that was taken as the n-th, counted from 0. */
    public int get(int index) throws IOException {
        return ((InetSocketAddress) held.get(index).getLocalAddress()).getPort();
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : held) {
            channel.close();
        }
    }
}
