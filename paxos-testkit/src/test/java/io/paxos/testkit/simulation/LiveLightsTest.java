// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Self;
import io.paxos.testkit.live.News;
import io.paxos.testkit.live.Sight;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A machine that does what it must not do turns off the light of that property, and that one alone. */
class LiveLightsTest {

    /** Sends its votes first and writes them afterwards. */
    private static final Variant HASTY = new Variant() {
        @Override
        public Machine variant(Self self, Machine machine) {
            return new Handing(machine) {
                @Override
                public List<Effect> step(Event event) {
                    List<Effect> hasty = new ArrayList<>();
                    for (Effect effect : super.step(event)) {
                        if (effect instanceof Effect.Persist persist) {
                            persist.afterDurable().forEach(vote -> hasty.add(new Effect.Send(vote)));
                            hasty.add(new Effect.Persist(persist.writes(), List.of()));
                        } else {
                            hasty.add(effect);
                        }
                    }
                    return hasty;
                }
            };
        }
    };

    private static final Variant THROWING = new Variant() {
        @Override
        public Machine variant(Self self, Machine machine) {
            return new Handing(machine) {
                @Override
                public List<Effect> step(Event event) {
                    throw new IllegalStateException("out of order");
                }
            };
        }
    };

    private static Live after(Program program) {
        Live live = new Live(7, 5, program);
        while (live.step(1_000_000)) {
            // until then
        }
        return live;
    }

    @Test
    void aVoteThatLeavesBeforeItIsDurable() {
        Live live = after(HASTY);
        Sight sight = live.look();

        assertThat(sight.lights())
                .filteredOn(light -> !light.holds())
                .extracting(Sight.Light::property)
                .containsExactly("no vote on the wire that is not durable");
        assertThat(sight.violation()).startsWith("no vote on the wire that is not durable");
        assertThat(live.takeNews()).extracting(News::kind).contains(News.Kind.VIOLATION);
        assertThat(live.act("n1 crashes")).isFalse();
        assertThat(live.step(2_000_000)).isFalse();
    }

    @Test
    void aMachineThatThrows() {
        Sight sight = after(THROWING).look();

        assertThat(sight.lights())
                .filteredOn(light -> !light.holds())
                .extracting(Sight.Light::property)
                .containsExactly("no machine throws or halts without a cause");
        assertThat(sight.violation()).contains("out of order");
    }
}
