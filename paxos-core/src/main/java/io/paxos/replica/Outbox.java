package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.event.Self;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects what one replica wants done during one step, in order. Nothing in it can be taken back by a part of the
 * replica; a replica that halts throws away the whole of it before anything leaves.
 */
final class Outbox {

    private final Self self;
    private final GroupId group;
    private List<Effect> effects = new ArrayList<>();

    Outbox(Self self, GroupId group) {
        this.self = self;
        this.group = group;
    }

    void send(Endpoint to, LogMessage message) {
        effects.add(new Effect.Send(self.envelope(to, new GroupMessage(group, message))));
    }

    /** A vote leaves only with the write it waits for; without writes it waits for the earlier ones. */
    void sendWhenDurable(List<Write> writes, Endpoint to, LogMessage vote) {
        effects.add(new Effect.Persist(writes, List.of(self.envelope(to, new GroupMessage(group, vote)))));
    }

    void persist(Write... writes) {
        effects.add(new Effect.Persist(List.of(writes), List.of()));
    }

    void add(Effect effect) {
        effects.add(effect);
    }

    List<Effect> drain() {
        List<Effect> drained = effects;
        effects = new ArrayList<>();
        return drained;
    }
}
