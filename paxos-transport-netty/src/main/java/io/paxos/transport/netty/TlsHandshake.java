// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads one connection through its TLS handshake: holds it until the certificates have been looked at, lets TLS begin,
 * and then finds out which node the other end is. Nothing passes before that has been found out. On the loop.
 */
final class TlsHandshake extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);

    private final TlsProtection protection;
    private final RecordGuard guard;
    private final boolean client;
    private @Nullable SslHandler tls;
    private @Nullable TlsMaterial material;
    private long begunMillis;
    private boolean admitted;

    TlsHandshake(TlsProtection protection, RecordGuard guard, boolean client) {
        this.protection = protection;
        this.guard = guard;
        this.client = client;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(false);
        protection.ask(context.channel(), present -> {
            try {
                context.executor().execute(() -> begin(context, present));
            } catch (RejectedExecutionException e) {
                LOG.trace("the transport closed while certificates were looked at", e);
            }
        });
    }

    private void begin(ChannelHandlerContext context, TlsMaterial present) {
        if (!context.channel().isOpen() || context.isRemoved()) {
            return;
        }
        material = present;
        begunMillis = System.currentTimeMillis();
        SslHandler handler;
        try {
            handler = protection.handler(context.channel(), present, client);
        } catch (RuntimeException e) {
            reject(
                    context,
                    "TLS cannot begin with the certificates of this node: "
                            + Frames.printable(String.valueOf(e.getMessage())));
            return;
        }
        tls = handler;
        context.pipeline().addBefore(context.name(), null, handler);
        context.channel().config().setAutoRead(true);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            handshakeDone(context, done);
        } else if (event instanceof SslCloseCompletionEvent) {
            // The other end has said that nothing more follows, so what looks like an end is one.
            Channels.close(context.channel());
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    private void handshakeDone(ChannelHandlerContext context, SslHandshakeCompletionEvent done) {
        if (done.isSuccess()) {
            guard.handshakeDone();
            identify(context);
        } else if (!(done.cause() instanceof ClosedChannelException)) {
            reject(context, TlsFailures.explain(done.cause()));
        }
    }

    private void identify(ChannelHandlerContext context) {
        SslHandler handler = tls;
        TlsMaterial judgedBy = material;
        if (handler == null || judgedBy == null) {
            throw new IllegalStateException("a handshake ended that had not begun");
        }
        Verdict verdict;
        try {
            SSLSession session = handler.engine().getSession();
            requireNew(session);
            List<X509Certificate> chain = Stream.of(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
            verdict = new Verdict.Admitted(protection.admit(context.channel(), chain, judgedBy));
            admitted = true;
        } catch (SSLPeerUnverifiedException | CertificateException e) {
            verdict = new Verdict.Rejected(Frames.printable(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            protection.ruleFailed(e);
            verdict = new Verdict.Rejected("the rule for identities failed on its certificate");
        }
        context.fireUserEventTriggered(verdict);
    }

    /**
     * A session that is resumed brings the certificates of the connection on which it began along, and nobody judges them
     * now: they may have expired meanwhile. The JDK offers that to every client, and no setting of a connection prevents
     * it; what tells such a session is that it is older than its connection.
     */
    private void requireNew(SSLSession session) throws CertificateException {
        if (session.getCreationTime() < begunMillis) {
            throw new CertificateException(
                    "it resumes an earlier session of TLS instead of showing its certificate; let it"
                            + " begin a new one on each connection");
        }
    }

    private static void reject(ChannelHandlerContext context, String reason) {
        context.fireUserEventTriggered(new Verdict.Rejected(reason));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (admitted) {
            context.fireChannelRead(message);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable inner = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (inner instanceof SSLException) {
            reject(context, TlsFailures.explain(inner));
        } else {
            context.fireExceptionCaught(cause);
        }
    }
}
