// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.ME;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.LogTime;
import io.paxos.spi.RecoveredState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A whole replica of one of three nodes: it hears itself, and of the others what the test makes up. What it does and
 * says is kept until {@link #forget}; nothing is executed.
 */
final class DrivenReplica {

    static final long TICK_NANOS = 10_000_000;

    /** Draws the largest number possible; the test says what the coin shows. */
    private final class Draws implements RandomGenerator {

        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public int nextInt(int bound) {
            return bound - 1;
        }

        @Override
        public boolean nextBoolean() {
            return coin;
        }
    }

    final Parts parts = new Parts();
    final Replica replica;
    final Map<Long, Outcome> outcomes = new HashMap<>();
    final List<Effect> effects = new ArrayList<>();
    boolean coin;
    long now;

    DrivenReplica(MachineConfig config, RecoveredState.Log recovered) {
        replica = new Replica(parts.self, Parts.GROUP, config, Remains.of(recovered, parts.self, config), new Draws());
    }

    /** One whose cluster has formed, with an empty store. */
    static DrivenReplica formed(MachineConfig config) {
        DrivenReplica made = new DrivenReplica(config, RecoveredState.Log.EMPTY);
        made.replica.form(made.parts.peers);
        made.flush();
        return made;
    }

    /** Ends the step, and those that follow because this node hears itself. */
    void flush() {
        for (List<Effect> step = replica.flush(); !step.isEmpty(); step = replica.flush()) {
            effects.addAll(step);
            for (Effect effect : step) {
                if (effect instanceof Effect.Respond respond) {
                    assertThat(outcomes.put(respond.request().number(), respond.outcome()))
                            .as("call %s is answered once", respond.request())
                            .isNull();
                }
            }
            for (Parts.Said said : Parts.said(step)) {
                if (said.to().equals(ME)) {
                    replica.receive(ME, said.message());
                }
            }
        }
    }

    void ticks(int count) {
        for (int i = 0; i < count; i++) {
            now++;
            replica.tick(now, new LogTime(now), now * TICK_NANOS);
            flush();
        }
    }

    void hear(Endpoint from, LogMessage message) {
        replica.receive(from, message);
        flush();
    }

    /** Makes it lead, with its own promise and that of b, who have accepted nothing. */
    Ballot lead() {
        while (said(LogMessage.Canvass.class).isEmpty()) {
            assertThat(now).isLessThan(200);
            ticks(1);
        }
        LogMessage.Canvass canvass = said(LogMessage.Canvass.class).get(0);
        hear(B, new LogMessage.CanvassReply(canvass.probe(), true, null, Ballot.ZERO, 0));
        Ballot ballot = said(LogMessage.Prepare.class).get(0).ballot();
        hear(B, Parts.emptyPromise(ballot));
        assertThat(replica.status().role()).isEqualTo(Effect.RoleName.LEADER);
        return ballot;
    }

    void forget() {
        effects.clear();
    }

    List<Parts.Said> said() {
        return Parts.said(effects);
    }

    <T extends LogMessage> List<T> said(Class<T> kind) {
        return said().stream()
                .map(Parts.Said::message)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    <T extends Effect> Stream<T> done(Class<T> kind) {
        return effects.stream().filter(kind::isInstance).map(kind::cast);
    }
}
