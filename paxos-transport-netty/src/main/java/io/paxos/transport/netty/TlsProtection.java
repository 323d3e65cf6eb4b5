// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import io.paxos.model.NodeId;
import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Mutual TLS for all connections of a transport. Signatures, chains and files are dealt with on threads of its own, so
 * that those who open connections cost the loop, on which the node runs, as little as possible.
 */
final class TlsProtection implements Protection {

    /** How long a peer that does not read may hold up the end of its connection. */
    private static final long CLOSE_MILLIS = 1000;

    /** Wants new certificates to be taken, and nothing else. */
    private static final CertificateWatch.Listener NOBODY = present -> {};

    private final MutualTls settings;
    private final Map<Channel, List<X509Certificate>> admitted = new ConcurrentHashMap<>();
    private volatile @Nullable Running running;

    TlsProtection(MutualTls settings) {
        this.settings = settings;
    }

    /** What there is once the transport has started. */
    private record Running(LocalNode local, CertificateWatch watch, TlsThreads threads, ScheduledFuture<?> looking) {}

    @Override
    public Protection trustingTheNetwork() {
        throw new IllegalStateException(
                "trustNetwork() is for plaintext; a transport with mutual TLS trusts certificates"
                        + " and not the network, so leave it out");
    }

    @Override
    public @Nullable String objectionTo(InetSocketAddress address) {
        return null;
    }

    @Override
    public void start(LocalNode local, EventLoop loop) {
        TlsThreads threads = new TlsThreads();
        CertificateWatch watch = new CertificateWatch(
                settings.certificates(), new OwnCertificate(local, settings.identity()), threads, this::judgeAgain);
        try {
            watch.reload();
            long period = settings.lookEvery().toMillis();
            ScheduledFuture<?> looking =
                    loop.scheduleAtFixedRate(() -> watch.ask(NOBODY), period, period, TimeUnit.MILLISECONDS);
            running = new Running(local, watch, threads, looking);
        } catch (RuntimeException e) {
            threads.close();
            throw e;
        }
    }

    @Override
    public void protect(Channel channel, boolean client) {
        RecordGuard guard = new RecordGuard();
        channel.pipeline().addLast(guard).addLast(new TlsHandshake(this, guard, client));
    }

    /** Gets the present material, later, on a thread of this class, unless the connection that needs it closes before. */
    void ask(Channel channel, CertificateWatch.Listener answer) {
        CertificateWatch watch = running().watch();
        watch.ask(answer);
        channel.closeFuture().addListener(closed -> watch.forget(answer));
    }

    /** How many connections wait for certificates or for a thread. */
    int waiting() {
        Running now = running();
        return now.watch().waiting() + now.threads().waiting();
    }

    /** TLS for one connection. */
    SslHandler handler(Channel channel, TlsMaterial material, boolean client) {
        // Without a host and a port, so that no session is resumed: each connection shows its certificates.
        SSLEngine engine = material.context().createSSLEngine();
        engine.setUseClientMode(client);
        SSLParameters parameters = new SSLParameters(
                settings.ciphers().toArray(String[]::new), settings.protocols().toArray(String[]::new));
        parameters.setNeedClientAuth(true);
        parameters.setUseCipherSuitesOrder(true);
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine, running().threads().of(channel));
        // The connection has a timer of its own, which begins earlier.
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS);
        return handler;
    }

    /**
     * Says who the other end of a connection is, and keeps an eye on the connection from now on.
     *
     * @param chain what the other end has proved to be its own
     * @param judgedBy the material that the handshake was made with
     * @throws CertificateException if it is nobody; the message says why
     */
    NodeId admit(Channel channel, List<X509Certificate> chain, TlsMaterial judgedBy) throws CertificateException {
        Running now = running();
        NodeId node =
                settings.identity().nodeOf(chain.get(0), now.local().identity().cluster());
        admitted.put(channel, chain);
        channel.closeFuture().addListener(closed -> admitted.remove(channel));
        TlsMaterial current = now.watch().current();
        if (current != judgedBy) {
            // It changed during the handshake, perhaps after those who stood then were judged again.
            requireStillTrusted(current, chain);
        }
        return node;
    }

    /** The rule threw what it must not. On the loop. */
    void ruleFailed(RuntimeException failure) {
        running()
                .local()
                .log()
                .warn(
                        "identity " + failure.getClass().getName(),
                        running().local().id() + ": the rule for identities threw, which it must not; the connection is"
                                + " refused",
                        failure);
    }

    /** New material: who would not be believed any more has to go. */
    private void judgeAgain(TlsMaterial material) {
        admitted.forEach((channel, chain) -> {
            try {
                requireStillTrusted(material, chain);
            } catch (CertificateException e) {
                channel.pipeline().fireUserEventTriggered(new Verdict.Rejected(String.valueOf(e.getMessage())));
            }
        });
    }

    private static void requireStillTrusted(TlsMaterial material, List<X509Certificate> chain)
            throws CertificateException {
        try {
            material.requireTrusted(chain);
        } catch (CertificateException e) {
            throw new CertificateException(
                    "its certificate was believed, and is not any more: " + TlsFailures.explain(e), e);
        }
    }

    @Override
    public void reload() {
        running().watch().reload();
    }

    @Override
    public void close() {
        Running ending = running;
        if (ending != null) {
            ending.looking().cancel(false);
            ending.threads().close();
        }
    }

    private Running running() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("the transport has not been started; certificates are loaded at the start");
        }
        return now;
    }
}
