// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collects what one replica wants done during one step, in order. Nothing in it can be taken back by a part of the
 * replica; a replica that halts throws away the whole of it before anything leaves.
 */
final class Outbox {

    private final GroupId group;
    private @Nullable Peers peers;
    private List<Effect> effects = new ArrayList<>();

    Outbox(GroupId group) {
        this.group = group;
    }

    /** The cluster has formed; before, a replica says nothing. */
    void form(Peers known) {
        peers = known;
    }

    private Envelope envelope(Endpoint to, LogMessage message) {
        return Objects.requireNonNull(peers, "the cluster has not formed")
                .envelope(to, new GroupMessage(group, message));
    }

    void send(Endpoint to, LogMessage message) {
        effects.add(new Effect.Send(envelope(to, message)));
    }

    /** A vote leaves only with the write it waits for; without writes it waits for the earlier ones. */
    void sendWhenDurable(List<Write> writes, Endpoint to, LogMessage vote) {
        effects.add(new Effect.Persist(writes, List.of(envelope(to, vote))));
    }

    void persist(Write... writes) {
        effects.add(new Effect.Persist(List.of(writes), List.of()));
    }

    void add(Effect effect) {
        effects.add(effect);
    }

    void addAll(List<Effect> more) {
        if (!more.isEmpty()) {
            effects.addAll(more);
        }
    }

    List<Effect> drain() {
        List<Effect> drained = effects;
        effects = new ArrayList<>();
        return drained;
    }
}
