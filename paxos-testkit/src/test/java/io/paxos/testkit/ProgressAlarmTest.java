// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.testkit.coverage.Coverage;
import io.paxos.testkit.coverage.Mark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Progress: a quorum left alone answers everything, whatever those outside it do; and nodes that hinder it are found out. */
class ProgressAlarmTest {

    private static final int SEEDS = 150;
    private static final int EVENTS = 2_000;
    private static final String PROPERTY = "a quorum left alone makes progress";

    @Test
    void aQuorumLeftAloneAnswersEverything() {
        Coverage coverage = new Coverage();
        for (long seed = 0; seed < 60; seed++) {
            coverage.add(
                    Simulation.builder(seed).events(EVENTS).progress().run().coverage());
        }
        assertThat(coverage.of(Mark.CORE_ALONE)).isEqualTo(60);
        assertThat(List.of(Mark.OUTSIDE_DEAD, Mark.OUTSIDE_DEAF, Mark.OUTSIDE_MUTE))
                .allSatisfy(
                        mark -> assertThat(coverage.of(mark)).as(mark.title()).isGreaterThan(5));
    }

    static Stream<Arguments> hindrances() {
        return Stream.of(
                Arguments.of("a candidate that never tries again", new OneCandidacy()),
                Arguments.of("a leader that never steps down", new Clinging()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hindrances")
    void whoHindersProgressIsFoundOut(String name, AlarmTest.Tampering tampering) {
        List<String> others = new ArrayList<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                Simulation.builder(seed)
                        .events(EVENTS)
                        .progress()
                        .program(new AlarmTest.Tampered(tampering))
                        .run();
            } catch (SimulationFailure failure) {
                if (failure.property().equals(PROPERTY)) {
                    System.out.println(name + ": found out with seed " + seed);
                    return;
                }
                others.add(failure.property());
            }
        }
        fail(name + ": not found out within " + SEEDS + " seeds, only " + others);
    }

    /** Each start of a node prepares one ballot for each log, and no other after it. */
    private static final class OneCandidacy implements AlarmTest.Tampering {
        private record Place(Self self, GroupId group) {}

        private final Map<Place, Object> ballots = new HashMap<>();

        @Override
        public List<Effect> change(Self self, Event event, List<Effect> effects) {
            return effects.stream()
                    .filter(effect -> !(effect instanceof Effect.Send send
                            && send.envelope().message() instanceof GroupMessage g
                            && g.body() instanceof LogMessage.Prepare p
                            && !ballots.computeIfAbsent(new Place(self, g.group()), place -> p.ballot())
                                    .equals(p.ballot())))
                    .toList();
        }
    }

    /** Goes on saying that it leads, for as long as it runs, to whomever it once said so. */
    private static final class Clinging implements AlarmTest.Tampering {
        private record Claim(Self self, GroupId group, Endpoint to) {}

        private final Map<Claim, Envelope> claims = new HashMap<>();

        @Override
        public List<Effect> change(Self self, Event event, List<Effect> effects) {
            Set<Claim> said = new HashSet<>();
            List<Effect> changed = new ArrayList<>(effects);
            for (Effect effect : effects) {
                if (effect instanceof Effect.Send send
                        && send.envelope().message() instanceof GroupMessage g
                        && g.body() instanceof LogMessage.Heartbeat) {
                    Claim claim = new Claim(self, g.group(), send.envelope().to());
                    claims.put(claim, send.envelope());
                    said.add(claim);
                }
            }
            if (event instanceof Event.Tick) {
                claims.forEach((claim, envelope) -> {
                    if (claim.self().equals(self) && !said.contains(claim)) {
                        changed.add(new Effect.Send(envelope));
                    }
                });
            }
            return changed;
        }
    }
}
