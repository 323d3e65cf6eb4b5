// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.Ballot;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of this node's leadership of one log, and who wants to hear of it. Safe for any thread. Listeners may run on
 * the thread that brings the news, so they are put in line under the lock, for the order, and run without it.
 */
final class LeadershipDesk {

    private final Callbacks callbacks;
    private final Set<Registration> registrations = new LinkedHashSet<>();
    private @Nullable Ballot token;

    LeadershipDesk(Callbacks callbacks) {
        this.callbacks = callbacks;
    }

    synchronized Optional<Ballot> token() {
        return Optional.ofNullable(token);
    }

    /** The level has changed, or is told again. */
    void changed(@Nullable Ballot now) {
        note(now);
        callbacks.runLinedUp();
    }

    private synchronized void note(@Nullable Ballot now) {
        Ballot before = token;
        if (before == null ? now == null : before.equals(now)) {
            return;
        }
        token = now;
        for (Registration registration : registrations) {
            if (before != null) {
                callbacks.lineUp(() -> registration.ends(before));
            }
            if (now != null) {
                callbacks.lineUp(() -> registration.leads(now));
            }
        }
    }

    /** Tells a listener how things stand, and from now on what changes; closing what is returned ends that. */
    Leadership.Observation observe(LeadershipListener listener) {
        Registration registration = new Registration(listener);
        register(registration);
        callbacks.runLinedUp();
        return registration;
    }

    private synchronized void register(Registration registration) {
        registrations.add(registration);
        Ballot now = token;
        if (now != null) {
            callbacks.lineUp(() -> registration.leads(now));
        }
    }

    private synchronized void forget(Registration registration) {
        registrations.remove(registration);
    }

    private final class Registration implements Leadership.Observation {

        private final LeadershipListener listener;
        private volatile boolean closed;

        Registration(LeadershipListener listener) {
            this.listener = listener;
        }

        void leads(Ballot ballot) {
            if (!closed) {
                listener.leads(ballot);
            }
        }

        void ends(Ballot ballot) {
            if (!closed) {
                listener.ends(ballot);
            }
        }

        @Override
        public void close() {
            closed = true;
            forget(this);
        }
    }
}
