// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.paxos.message.Envelope;
import io.paxos.spi.Transport;
import io.paxos.spi.TransportException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Envelopes over TCP.
 *
 * <pre>{@code
 * NettyTransport.plaintext("127.0.0.1:7101").peers(Map.of("n2", "127.0.0.1:7102", "n3", "127.0.0.1:7103"))
 * }</pre>
 *
 * <p><b>Connections.</b> Each node opens one connection to each peer and sends on it; what the peer sends comes on the
 * connection that the peer opened. Two connections for a pair cost a socket more than one would, and spare both ends
 * the question which of two that were opened at once survives: a node owns the connection on which it sends, and
 * nobody else closes it or opens another. Both ends introduce themselves first, by cluster, name, incarnation and
 * version; whoever does not fit is refused with a reason, which both ends log. A lost connection is opened again after
 * a growing pause with jitter; the address is looked up anew each time. A silent peer is asked whether it is alive.
 *
 * <p><b>Threads.</b> All work is done on one thread, {@link #executor()}, on which the receiver is called and on which
 * the node may run. Looking up addresses, which may block, happens elsewhere.
 *
 * <p><b>Loss.</b> What cannot be sent now waits in a queue of each peer, bounded in messages and bytes; what does not
 * fit is dropped and counted in {@link #stats()}. What is urgent is sent before bulk, and is dropped only when no bulk
 * is left to drop (rule 18); large envelopes go in small parts, so that what is urgent goes in between.
 *
 * <p><b>Trust.</b> Under {@link #mutualTls(String, Certificates)} a peer is the node that its certificate names, and nothing
 * that it says in another's name is heard. {@link #plaintext} neither hides nor authenticates anything: whoever reaches
 * the port can claim to be any node, so beyond loopback it has to be confirmed, by {@link #trustNetwork()}.
 */
public final class NettyTransport implements Transport {

    private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);
    private static final long CLOSE_SECONDS = 5;

    private final HostPort address;
    private final Object lock = new Object();
    private final LongAdder unroutable = new LongAdder();
    private Settings settings = Settings.DEFAULT;
    private volatile Protection protection;
    private FixedAddresses fixed = FixedAddresses.NONE;
    private AddressResolver resolver = FixedAddresses.NONE;
    private NativeIo io = NativeIo.best();
    private volatile @Nullable MultiThreadIoEventLoopGroup group;
    private volatile @Nullable Session closedSession;
    private State state = State.NEW;
    private volatile @Nullable Session session;

    private enum State {
        NEW,
        STARTED,
        CLOSED
    }

    private NettyTransport(HostPort address, Protection protection) {
        this.address = address;
        this.protection = protection;
    }

    /**
     * A transport without TLS, for loopback addresses; others are refused at the start unless {@link #trustNetwork()}
     * was called.
     *
     * @param address where to listen, as {@code host:port}; port 0 takes any free port, see {@link #port()}
     * @return a transport to be configured, and then started by the node
     * @throws IllegalArgumentException if the address is none
     */
    public static NettyTransport plaintext(String address) {
        return plaintext(HostPort.parse(address));
    }

    /**
     * A transport without TLS, for loopback addresses; others are refused at the start unless {@link #trustNetwork()}
     * was called.
     *
     * @param host the name or literal address of the interface to listen on
     * @param port the port to listen on; 0 takes any free port, see {@link #port()}
     * @return a transport to be configured, and then started by the node
     * @throws IllegalArgumentException if the port is none
     */
    public static NettyTransport plaintext(String host, int port) {
        return plaintext(new HostPort(host, port));
    }

    private static NettyTransport plaintext(HostPort address) {
        return new NettyTransport(address, new Unprotected(false));
    }

    /**
     * A transport with TLS 1.3, on which both ends of every connection prove which node they are.
     *
     * @param address where to listen, as {@code host:port}; port 0 takes any free port, see {@link #port()}
     * @param certificates where the node's certificate, its key and the trusted CAs come from, such as {@link TlsFiles};
     *     they are loaded at the start, which fails if they are not this node's, and whenever they have changed
     * @return a transport to be configured, and then started by the node
     * @throws IllegalArgumentException if the address is none
     */
    public static NettyTransport mutualTls(String address, Certificates certificates) {
        return mutualTls(address, MutualTls.with(certificates));
    }

    /**
     * A transport with mutual TLS of which more than the certificates is chosen.
     *
     * @param address where to listen, as {@code host:port}; port 0 takes any free port, see {@link #port()}
     * @param tls certificates, the rule for identities, versions
     * @return a transport to be configured, and then started by the node
     * @throws IllegalArgumentException if the address is none
     */
    public static NettyTransport mutualTls(String address, MutualTls tls) {
        return new NettyTransport(HostPort.parse(address), new TlsProtection(tls));
    }

    /**
     * Where the other nodes are, for addresses that do not change while this process runs; hosts are looked up again at
     * every attempt to connect. An entry for the node itself is ignored. A node that is to join later and has none here is
     * turned away until this process is started with a longer map; {@link #peers(AddressResolver)} can learn of it.
     *
     * @param addresses name of a node to {@code host:port}
     * @return this transport
     * @throws IllegalArgumentException if a name or an address is none
     * @throws IllegalStateException if the transport has been started or closed
     */
    public NettyTransport peers(Map<String, String> addresses) {
        return peers(new FixedAddresses(addresses));
    }

    private NettyTransport peers(FixedAddresses addresses) {
        synchronized (lock) {
            requireNew();
            fixed = addresses;
            resolver = addresses;
        }
        return this;
    }

    /**
     * Where the other nodes are, asked anew at every attempt to connect. Nodes that are neither configured as members
     * nor known to the resolver are refused.
     *
     * @param addresses says where a node can be reached
     * @return this transport
     * @throws IllegalStateException if the transport has been started or closed
     */
    public NettyTransport peers(AddressResolver addresses) {
        synchronized (lock) {
            requireNew();
            fixed = FixedAddresses.NONE;
            resolver = addresses;
        }
        return this;
    }

    /**
     * Confirms that plaintext may go beyond this machine: that nobody but the nodes of the cluster can reach their ports
     * or the network between them, for whoever can is believed to be any node.
     *
     * @return this transport
     * @throws IllegalStateException if the transport uses mutual TLS, or has been started or closed
     */
    public NettyTransport trustNetwork() {
        synchronized (lock) {
            requireNew();
            protection = protection.trustingTheNetwork();
        }
        return this;
    }

    /**
     * The largest envelope sent or accepted. It must hold the largest value proposed, and the same on every node;
     * default 8 MiB.
     *
     * @param bytes size of the encoded envelope, at least 1024
     * @return this transport
     * @throws IllegalStateException if the transport has been started or closed
     */
    public NettyTransport maxFrameBytes(int bytes) {
        return set(settings.withMaxFrameBytes(bytes));
    }

    /**
     * How much may wait for one peer; default 16,384 messages and 32 MiB.
     *
     * @param messages how many envelopes
     * @param bytes about how many bytes, as {@link io.paxos.message.Message#weight} counts them
     * @return this transport
     * @throws IllegalStateException if the transport has been started or closed
     */
    public NettyTransport outboundLimit(int messages, long bytes) {
        return set(settings.withOutboundLimit(messages, bytes));
    }

    /**
     * The pauses between attempts to connect, before jitter; default 50 ms, growing to 2 s.
     *
     * @param min the first
     * @param max the longest
     * @return this transport
     * @throws IllegalStateException if the transport has been started or closed
     */
    public NettyTransport reconnect(Duration min, Duration max) {
        return set(settings.withReconnect(min, max));
    }

    /**
     * After how much silence a peer is asked whether it is alive; when it stays silent for three times as long again, the
     * connection is given up. Default 1 s.
     *
     * @param silence the time without a byte from the peer
     * @return this transport
     * @throws IllegalStateException if the transport has been started or closed
     */
    public NettyTransport keepAlive(Duration silence) {
        return set(settings.withKeepAlive(silence));
    }

    /**
     * How long the two ends of a connection may take to introduce themselves, TLS included; default 5 s.
     *
     * @param timeout from the opening of the connection
     * @return this transport
     * @throws IllegalStateException if the transport has been started or closed
     */
    public NettyTransport handshakeTimeout(Duration timeout) {
        return set(settings.withHandshakeTimeout(timeout));
    }

    /**
     * How long the thread of this transport, having run out of work, looks for more before it sleeps; default 200 us.
     * That shortens the time to an answer where commands come one after another, for the price of processor time that
     * nobody else could use at that moment. In vain it is done rarely: a node to which nothing comes sleeps. To be set
     * before {@link #executor()} is called.
     *
     * @param longest at most 10 ms; zero sleeps at once, which suits a container whose processor time is rationed
     * @return this transport
     * @throws IllegalArgumentException if the time is negative or longer
     * @throws IllegalStateException if the transport has been started or closed
     */
    public NettyTransport stayAwake(Duration longest) {
        return set(settings.withAwake(longest));
    }

    /** Another kind of sockets than the best there is. */
    NettyTransport io(NativeIo chosen) {
        synchronized (lock) {
            requireNew();
            io = chosen;
        }
        return this;
    }

    private NettyTransport set(Settings changed) {
        synchronized (lock) {
            requireNew();
            settings = changed;
        }
        return this;
    }

    private void requireNew() {
        if (state != State.NEW) {
            throw new IllegalStateException(
                    "the transport on " + address + " is " + state.name().toLowerCase(Locale.ROOT)
                            + " already; configure it before, and take a new one for another start");
        }
    }

    @Override
    public void start(Local local, Receiver receiver) {
        Session started;
        synchronized (lock) {
            requireNew();
            if (loop().inEventLoop()) {
                throw new IllegalStateException("start waits for the port, so call it on another thread than its own");
            }
            state = State.STARTED;
            started = new Session(new LocalNode(local, receiver, settings), loop(), resolver, io, protection);
            session = started;
        }
        try {
            fixed.requirePermitted(protection);
            // Not under the lock: tasks on the loop may want it, and the loop has to open the port.
            started.listen(address);
        } catch (RuntimeException e) {
            // Not only what the port throws: certificates and rules come from others.
            close();
            throw e;
        }
    }

    /**
     * Looks for new certificates now, as the transport does by itself before handshakes and now and then. Connections stay,
     * but for those whose certificate would not be believed any more. May block for as long as the source of the
     * certificates does, so call it elsewhere than on {@link #executor()}.
     *
     * @throws TransportException if the new certificates are of no use, with the reason; the old ones stay in use
     * @throws IllegalStateException if the transport has no certificates, or has not been started
     */
    public void reloadCertificates() {
        protection.reload();
    }

    /**
     * The port on which the transport listens: the one asked for, or the one it was given if that was 0.
     *
     * @return the port
     * @throws IllegalStateException if the transport has not been started or is closed
     */
    public int port() {
        Session current = session;
        if (current == null) {
            throw new IllegalStateException("the transport on " + address + " does not listen");
        }
        return current.port();
    }

    /** How many connections are open, to and from others, whatever they have come to; also after the end, where none is. */
    int connections() {
        Session latest = latestSession();
        return latest == null ? 0 : latest.connections();
    }

    @Override
    public void send(Envelope envelope) {
        Session current = session;
        if (current != null && !current.send(envelope)) {
            unroutable.increment();
        }
    }

    /**
     * The one thread on which this transport works, for the node to work on too. It is a daemon: a process that wants to
     * stay has to keep a thread of its own.
     *
     * @return the executor
     * @throws IllegalStateException if the transport is closed
     */
    @Override
    public ScheduledExecutorService executor() {
        MultiThreadIoEventLoopGroup existing = group;
        if (existing != null) {
            return existing.next();
        }
        synchronized (lock) {
            return loop();
        }
    }

    private EventLoop loop() {
        MultiThreadIoEventLoopGroup existing = group;
        if (existing == null) {
            if (state == State.CLOSED) {
                throw new IllegalStateException("the transport on " + address + " is closed");
            }
            existing = io.loop("paxos-netty-" + address, settings.awake());
            group = existing;
        }
        return existing.next();
    }

    /**
     * What has been sent, received and dropped so far.
     *
     * @return the numbers; all zero before the start
     */
    public TransportStats stats() {
        Session latest = latestSession();
        return latest == null ? new TransportStats(Map.of(), 0, 0, unroutable.sum()) : latest.stats(unroutable.sum());
    }

    private @Nullable Session latestSession() {
        Session current = session;
        return current == null ? closedSession : current;
    }

    /**
     * Closes the port and all connections, and ends the thread. On another thread than {@link #executor()} this waits
     * until nothing more is delivered, at most a few seconds; on that thread it returns at once, and nothing is delivered
     * any more.
     */
    @Override
    public void close() {
        MultiThreadIoEventLoopGroup ending;
        boolean onLoop;
        synchronized (lock) {
            if (state == State.CLOSED) {
                return;
            }
            state = State.CLOSED;
            ending = group;
            Session ended = session;
            closedSession = ended;
            session = null;
            if (ending == null) {
                return;
            }
            onLoop = ending.next().inEventLoop();
            if (ended != null) {
                ended.close();
            }
            var unused = ending.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
        }
        if (!onLoop && !ending.terminationFuture().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("the transport on {} is closed, but a task on its executor does not end", address);
        }
    }

    @Override
    public String toString() {
        return "NettyTransport[" + address + "]";
    }
}
