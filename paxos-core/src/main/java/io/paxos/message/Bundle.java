// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.Endpoint;
import io.paxos.model.StartId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one node has to say to another about several logs, decrees and registers, in one message: many of them cost as many
 * messages as one. It means what its parts mean one after another. Hosts put it together of what they send at once, by
 * {@link #pack}; nothing depends on it.
 *
 * @param parts at least two, in the order in which they were sent
 */
public record Bundle(List<Part> parts) implements Message {

    /** What may be part of a bundle: what is said about one log, one decree or one register. */
    public sealed interface Part extends Message permits GroupMessage, DecreeMessage, RegisterMessage {

        /**
         * What is spoken of.
         *
         * @return a {@link io.paxos.model.GroupId}, {@link io.paxos.model.DecreeName} or {@link
         *     io.paxos.model.RegisterName}; two of them are equal if the same is spoken of
         */
        Object subject();
    }

    /** What weighs more travels alone: to be put together with others would gain it nothing. */
    private static final int MOST_PART = 4 << 10;

    /** About so much goes together. */
    private static final int MOST = 64 << 10;

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there are fewer than two parts
     */
    public Bundle {
        if (parts.size() < 2) {
            throw new IllegalArgumentException(
                    "a bundle has at least two parts, but this has " + parts.size() + "; send the message itself");
        }
        parts = List.copyOf(parts);
    }

    @Override
    public boolean isBulk() {
        return parts.get(0).isBulk();
    }

    @Override
    public boolean isOpen() {
        for (Part part : parts) {
            if (!part.isOpen()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int weight() {
        int sum = 64;
        for (Part part : parts) {
            sum += part.weight();
        }
        return sum;
    }

    /** What may go together: to one node, from one start, in one lane, and heard by whom the others are heard. */
    private record Way(Endpoint to, StartId start, boolean bulk, boolean open) {}

    /** What goes together so far. */
    private static final class Gathered {
        final List<Envelope> envelopes = new ArrayList<>();
        boolean ofSeveral;
        long weight;

        void add(Envelope envelope, int more) {
            ofSeveral |= !envelopes.isEmpty() && !subjectOf(envelope).equals(subjectOf(envelopes.get(0)));
            envelopes.add(envelope);
            weight += more;
        }

        private static Object subjectOf(Envelope envelope) {
            return ((Part) envelope.message()).subject();
        }

        /** What is said about one subject alone stays as it is. */
        void addTo(List<Envelope> packed) {
            if (!ofSeveral) {
                packed.addAll(envelopes);
                return;
            }
            List<Part> parts = new ArrayList<>(envelopes.size());
            envelopes.forEach(envelope -> parts.add((Part) envelope.message()));
            packed.add(envelopes.get(0).with(new Bundle(parts)));
        }
    }

    /**
     * Puts together what is small and goes the same way. Bulk and votes stay apart, so that a full link drops the one and
     * not the other.
     *
     * @param envelopes what is to be sent at once, all by one node
     * @return the same in as few envelopes as may be, each at the place of its first part
     */
    public static List<Envelope> pack(List<Envelope> envelopes) {
        if (envelopes.size() < 2) {
            return envelopes;
        }
        Map<Way, Gathered> open = new HashMap<>();
        List<Gathered> all = new ArrayList<>();
        boolean any = false;
        for (Envelope envelope : envelopes) {
            Message message = envelope.message();
            boolean isSmall = message instanceof Part && message.weight() <= MOST_PART;
            if (isSmall) {
                Way way = new Way(envelope.to(), envelope.start(), message.isBulk(), message.isOpen());
                Gathered gathered = open.get(way);
                if (gathered == null || gathered.weight > MOST) {
                    gathered = new Gathered();
                    all.add(gathered);
                    open.put(way, gathered);
                }
                gathered.add(envelope, message.weight());
                any |= gathered.ofSeveral;
            } else {
                Gathered alone = new Gathered();
                alone.envelopes.add(envelope);
                all.add(alone);
            }
        }
        if (!any) {
            return envelopes;
        }
        List<Envelope> packed = new ArrayList<>(all.size());
        all.forEach(gathered -> gathered.addTo(packed));
        return packed;
    }
}
