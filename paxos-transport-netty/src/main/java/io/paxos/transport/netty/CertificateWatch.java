// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.spi.TransportException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the material that is in use, and takes new one when there is any. What cannot be loaded or is of no use changes
 * nothing and is said once. For any thread; the source is asked by one at a time.
 */
final class CertificateWatch {

    private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);

    private final Certificates source;
    private final OwnCertificate own;
    private final Executor threads;
    private final Consumer<TlsMaterial> onChange;
    private final Object loading = new Object();
    private final Object asking = new Object();
    private Set<Listener> waiting = new LinkedHashSet<>();
    private boolean looking;
    private @Nullable Object version;
    private volatile @Nullable TlsMaterial current;
    private @Nullable String lastFailure;

    /** Hears of the present material. */
    interface Listener {
        void material(TlsMaterial present);
    }

    /** @param onChange told of new material once it is in use */
    CertificateWatch(Certificates source, OwnCertificate own, Executor threads, Consumer<TlsMaterial> onChange) {
        this.source = source;
        this.own = own;
        this.threads = threads;
        this.onChange = onChange;
    }

    /** What is in use. */
    TlsMaterial current() {
        TlsMaterial present = current;
        if (present == null) {
            throw new IllegalStateException("nothing has been loaded yet");
        }
        return present;
    }

    /**
     * Looks for new material, later, and then says which is in use. Who asks while a look is under way waits for the
     * next one, which they all share: so the answer is never older than the question, and many who ask cost little.
     */
    void ask(Listener answer) {
        synchronized (asking) {
            waiting.add(answer);
            if (looking) {
                return;
            }
            looking = true;
        }
        later();
    }

    /** Who asked needs no answer any more: many may come and go while the source takes its time. */
    void forget(Listener answer) {
        synchronized (asking) {
            waiting.remove(answer);
        }
    }

    /** How many wait for an answer from the next look. */
    int waiting() {
        synchronized (asking) {
            return waiting.size();
        }
    }

    private void later() {
        try {
            threads.execute(this::lookForThoseWhoWait);
        } catch (RejectedExecutionException e) {
            LOG.trace("closed, so nobody waits for certificates any more", e);
        }
    }

    private void lookForThoseWhoWait() {
        Set<Listener> asked;
        synchronized (asking) {
            asked = waiting;
            waiting = new LinkedHashSet<>();
        }
        try {
            look();
        } finally {
            asked.forEach(answer -> answer.material(current()));
            boolean more;
            synchronized (asking) {
                looking = !waiting.isEmpty();
                more = looking;
            }
            if (more) {
                later();
            }
        }
    }

    private void look() {
        try {
            takeNew();
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            synchronized (loading) {
                String failure = String.valueOf(e.getMessage());
                if (!failure.equals(lastFailure)) {
                    lastFailure = failure;
                    LOG.warn("{}: new certificates are of no use, the old ones stay in use: {}", own.node(), failure);
                }
            }
        }
    }

    /**
     * Looks for new material now.
     *
     * @throws TransportException if there is none that is of use; what was in use stays so
     */
    void reload() {
        try {
            takeNew();
        } catch (IOException | GeneralSecurityException e) {
            throw new TransportException(own.node() + " cannot use " + source + ": " + e.getMessage(), e);
        }
    }

    private void takeNew() throws IOException, GeneralSecurityException {
        synchronized (loading) {
            // Asked for before it is loaded: what changes in between is loaded again next time.
            Object present = source.version();
            if (present.equals(version)) {
                lastFailure = null;
                own.warnBeforeItExpires();
                return;
            }
            TlsMaterial loaded = source.load();
            own.judge(loaded);
            boolean first = current == null;
            current = loaded;
            version = present;
            lastFailure = null;
            LOG.info("{} {} {}", own.node(), first ? "uses" : "from now on uses", own);
            if (!first) {
                onChange.accept(loaded);
            }
        }
    }
}
