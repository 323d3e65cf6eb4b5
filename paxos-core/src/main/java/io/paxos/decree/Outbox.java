// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.message.Message;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.StartId;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.List;

/** Collects, in order, what one step of the decrees, or of the registers, wants done. */
final class Outbox {

    private final Self self;
    private List<Effect> effects = new ArrayList<>();
    private StartId speaker;
    private Fingerprint fingerprint = Fingerprint.NONE;

    Outbox(Self self) {
        this.self = self;
        this.speaker = self.startId();
    }

    /** What the envelopes bear from now on; before the cluster has formed, there are none. */
    void form(Fingerprint common) {
        fingerprint = common;
    }

    /** From now on the envelopes name no start, for this one is not counted (rule 7). */
    void observe() {
        speaker = StartId.NONE;
    }

    private Envelope envelope(Endpoint to, Message message) {
        return new Envelope(self.cluster(), self.endpoint(), to, speaker, fingerprint, message);
    }

    void send(Endpoint to, Message message) {
        effects.add(new Effect.Send(envelope(to, message)));
    }

    /** Says something that must not be taken back by a crash: after these writes, and after all earlier ones. */
    void sendAfter(List<Write> writes, Endpoint to, Message message) {
        List<Envelope> envelopes = List.of(envelope(to, message));
        effects.add(new Effect.Persist(writes, envelopes));
    }

    void write(Write write) {
        effects.add(new Effect.Persist(List.of(write), List.of()));
    }

    void respond(RequestId request, Outcome outcome) {
        effects.add(new Effect.Respond(request, outcome));
    }

    void add(Effect effect) {
        effects.add(effect);
    }

    /** All that was collected since the last call. */
    List<Effect> drain() {
        List<Effect> drained = effects;
        effects = new ArrayList<>();
        return drained;
    }
}
