// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.paxos.spi.TransportException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What stands between the frames of a transport and the network. */
interface Protection {

    /**
     * The same where everyone who can reach the port is believed on purpose.
     *
     * @throws IllegalStateException if others are not believed anyway
     */
    Protection trustingTheNetwork();

    /** Why an address must not be listened on or connected to, with the remedy; null if it may be. For any thread. */
    @Nullable
    String objectionTo(InetSocketAddress address);

    /**
     * Gets ready for a node; may block.
     *
     * @throws TransportException if that is impossible
     */
    void start(LocalNode local, EventLoop loop);

    /** Adds to a new channel what leads to a {@link Verdict} about it. On the loop. */
    void protect(Channel channel, boolean client);

    /**
     * Takes new certificates; may block.
     *
     * @throws TransportException if they are of no use; the old ones stay in use
     * @throws IllegalStateException if there are no certificates
     */
    void reload();

    /** Ends what was begun. */
    void close();
}
