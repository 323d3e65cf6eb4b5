// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.Self;
import io.paxos.message.EpochMessage;
import io.paxos.message.EpochMessage.Place;
import io.paxos.message.Probe;
import io.paxos.model.Endpoint;
import io.paxos.model.EpochMark;
import io.paxos.model.NodeId;
import io.paxos.quorum.QuorumSystem;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a node comes to hold what was left for an epoch in which it is to vote (rule 16). It asks many, one page after the
 * other from each, and is done when it has all from either
 *
 * <ul>
 *   <li>members of the epoch before that have sealed it, among them a phase-1 quorum <em>and</em> a phase-2 quorum: the one
 *       meets everyone by whom something was chosen, the other everyone who promised the ballot of something that was
 *       proposed; or
 *   <li>one node that holds what was left for this epoch, or for a later one, itself.
 * </ul>
 *
 * What is told may be newer than what was sealed. That does no harm: it was promised, proposed or decided all the same.
 */
final class Inheritance {

    private static final class Source {
        private Place place = Place.FIRST;
        private boolean begun;
        private boolean done;
        /** What it covered when it began to tell: what it says later may lack what it has learned since. */
        private long covered;
    }

    private final long epoch;
    private final Electorate before;
    private final Outbox out;
    private final int resendTicks;
    private final boolean holdsOwn;
    private final NodeId self;
    private final Probe probe;
    private final Map<Endpoint, Source> sources = new LinkedHashMap<>();
    private int waited;

    /**
     * Begins to ask.
     *
     * @param self this node
     * @param epoch in which it is to vote
     * @param before the members of the epoch before
     * @param asked whom to ask: those, and others who may hold it
     * @param holdsOwn whether this node is itself one that has sealed the epoch before, and knew what was left for it
     */
    Inheritance(
            Self self,
            long epoch,
            Electorate before,
            Set<Endpoint> asked,
            boolean holdsOwn,
            Outbox out,
            int resendTicks) {
        this.self = self.node();
        this.probe = new Probe(self.start(), epoch);
        this.epoch = epoch;
        this.before = before;
        this.holdsOwn = holdsOwn && before.counts(self.endpoint());
        this.out = out;
        this.resendTicks = resendTicks;
        asked.forEach(endpoint -> sources.put(endpoint, new Source()));
        sources.remove(self.endpoint());
        ask();
    }

    /** The epoch that is prepared. */
    long epoch() {
        return epoch;
    }

    /** Whom it asks. */
    Set<Endpoint> asked() {
        return Set.copyOf(sources.keySet());
    }

    /** Asks others as well, who have become known since. */
    void alsoAsk(Set<Endpoint> more) {
        for (Endpoint endpoint : more) {
            if (!endpoint.node().equals(self) && !sources.containsKey(endpoint)) {
                Source source = new Source();
                sources.put(endpoint, source);
                ask(endpoint, source);
            }
        }
    }

    /** Asks again those who have not answered for some time. */
    void tick() {
        waited++;
        if (waited >= resendTicks) {
            ask();
        }
    }

    private void ask() {
        waited = 0;
        sources.forEach((endpoint, source) -> {
            if (!source.done) {
                ask(endpoint, source);
            }
        });
    }

    private void ask(Endpoint endpoint, Source source) {
        out.send(endpoint, new EpochMessage.Pull(epoch, probe, source.place));
    }

    /** Whether a page is one that is waited for, and comes from a node that has sealed what it speaks of. */
    boolean awaits(Endpoint from, EpochMessage.Page page) {
        Source source = sources.get(from);
        return source != null
                && !source.done
                && page.probe().equals(probe)
                && page.at().equals(source.place)
                && page.mark().epoch() >= epoch
                && page.mark().covered() >= (before.counts(from) ? epoch - 1 : epoch);
    }

    /** Counts a page that was waited for and has been taken in, and asks for the next. */
    void taken(Endpoint from, EpochMessage.Page page) {
        Source source = sources.get(from);
        if (source == null) {
            return;
        }
        if (!source.begun) {
            source.begun = true;
            source.covered = page.mark().covered();
        }
        Place next = page.next();
        if (next == null) {
            source.done = true;
        } else {
            source.place = next;
            ask(from, source);
        }
    }

    /**
     * Which epoch this node covers by what it has taken in, or null if it needs more: all that was left for that epoch, and
     * so for every earlier one.
     */
    @Nullable
    EpochMark covered() {
        Set<NodeId> sealed = new HashSet<>();
        if (holdsOwn) {
            sealed.add(self);
        }
        long most = 0;
        for (Map.Entry<Endpoint, Source> entry : sources.entrySet()) {
            Source source = entry.getValue();
            if (source.done) {
                most = Math.max(most, source.covered);
                if (before.counts(entry.getKey())) {
                    sealed.add(entry.getKey().node());
                }
            }
        }
        if (most >= epoch) {
            return new EpochMark(most, most);
        }
        QuorumSystem quorums = before.quorums();
        return quorums.isPhase1Quorum(sealed) && quorums.isPhase2Quorum(sealed) ? new EpochMark(epoch, epoch) : null;
    }
}
