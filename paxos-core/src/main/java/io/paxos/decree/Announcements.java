// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.message.DecreeMessage;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.Payload;
import io.paxos.single.SingleMessage;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells the others what has been chosen, again and ever more rarely to those who have not said that they learned it,
 * and gives up after a few times. Nothing depends on it but how soon they know: whoever missed it can ask. So it may be
 * bounded: of too many, the oldest are dropped.
 */
final class Announcements {

    private static final int TIMES = 6;

    private final Agenda agenda;
    private final Outbox out;
    private final DecreeConfig config;
    private final Function<DecreeName, @Nullable Payload> decided;
    private final Map<DecreeName, Announcement> open = new LinkedHashMap<>();

    /**
     * Nothing to tell yet.
     *
     * @param decided where the value is found when it is told again
     */
    Announcements(Agenda agenda, Outbox out, DecreeConfig config, Function<DecreeName, @Nullable Payload> decided) {
        this.agenda = agenda;
        this.out = out;
        this.config = config;
        this.decided = decided;
    }

    /** Tells them that the decree, which is decided here, is decided. */
    void announce(DecreeName name, Collection<Endpoint> others) {
        if (others.isEmpty()) {
            return;
        }
        Announcement announcement = new Announcement(name, new LinkedHashSet<>(others));
        announcement.tell();
        open.put(name, announcement);
        if (open.size() > config.inFlight()) {
            Map.Entry<DecreeName, Announcement> eldest =
                    open.entrySet().iterator().next();
            open.remove(eldest.getKey());
            eldest.getValue().again.cancel();
        }
    }

    /** Someone has learned it. */
    void learned(DecreeName name, Endpoint who) {
        Announcement announcement = open.get(name);
        if (announcement != null) {
            announcement.ignorant.remove(who);
            if (announcement.ignorant.isEmpty()) {
                announcement.again.cancel();
                open.remove(name);
            }
        }
    }

    private final class Announcement {
        private final DecreeName name;
        private final Set<Endpoint> ignorant;
        private int told;
        private Agenda.Alarm again;

        Announcement(DecreeName name, Set<Endpoint> ignorant) {
            this.name = name;
            this.ignorant = ignorant;
            this.again = agenda.after(config.resendTicks(), this::tellAgain);
        }

        void tell() {
            Payload value = decided.apply(name);
            if (value != null) {
                DecreeMessage decide = new DecreeMessage.Step(name, new SingleMessage.Decide(value));
                ignorant.forEach(other -> out.send(other, decide));
            }
            told++;
        }

        private void tellAgain() {
            tell();
            if (told < TIMES) {
                again = agenda.after((long) config.resendTicks() << told, this::tellAgain);
            } else {
                open.remove(name);
            }
        }
    }
}
