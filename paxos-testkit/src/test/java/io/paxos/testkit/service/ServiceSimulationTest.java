// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.Simulation;
import io.paxos.testkit.coverage.Mark;
import io.paxos.testkit.faults.FaultKind;
import io.paxos.testkit.faults.Faults;
import io.paxos.testkit.history.Model;
import io.paxos.testkit.history.Step;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a simulation of somebody's own service finds, and how it reports it. */
class ServiceSimulationTest {

    private static <M extends StateMachine<Long, Long>> ServiceSimulation<M, Long, Long> simulation(
            Supplier<M> machine) {
        return Simulation.of(machine, Codec.int64(), Codec.int64())
                .workload((random, client) -> 1 + random.nextLong(9))
                .seconds(3)
                .seeds(20);
    }

    private static ServiceFailure failureOf(ServiceSimulation<?, Long, Long> simulation) {
        return Objects.requireNonNull(catchThrowableOfType(ServiceFailure.class, simulation::run), "nothing was found");
    }

    @Test
    void aSoundServicePassesAndItsClientsGetAnswers() {
        ServiceReport report = simulation(Tally::new)
                .invariant("the sum is at least the count", tally -> tally.sum() >= tally.count())
                .invariantAcross("there are no more replicas than nodes", states -> states.size() <= 3)
                .afterwards("every acknowledged command is in the sum", end -> end.states().stream()
                        .allMatch(tally -> tally.sum()
                                >= end.history().stream()
                                        .filter(o -> o.result() != null)
                                        .mapToLong(Operation::command)
                                        .sum()))
                .run();

        assertThat(report.seeds()).isEqualTo(20);
        assertThat(report.applied()).isPositive().isLessThanOrEqualTo(report.operations());
    }

    @Test
    void theWorkloadHearsTheAnswers() {
        List<Answer<Long>> heard = new ArrayList<>();
        simulation(Tally::new)
                .seed(1)
                .faults(Faults.none())
                .workload((random, client) -> {
                    Operation<Long, Long> last = client.last();
                    if (last != null) {
                        heard.add(Objects.requireNonNull(last.answer(), "asked before the answer"));
                        assertThat(last.client()).isEqualTo(client.number());
                    }
                    return 1L;
                })
                .run();

        // Some clients give up after a few ticks, and then even a sound cluster owes them no more than that.
        assertThat(heard)
                .anyMatch(answer -> answer instanceof Answer.Applied<Long>)
                .noneMatch(answer -> answer instanceof Answer.Unknown<Long> unknown
                        && !unknown.reason().contains("deadline"));
    }

    @Test
    void withoutSnapshotsAServiceRunsToo() {
        Supplier<StateMachine<Long, Long>> machine = () -> {
            long[] sum = {0};
            return (context, command) -> sum[0] += command;
        };

        assertThat(simulation(machine).run().applied()).isPositive();
    }

    /** Planted: what apply does depends on the clock. */
    private static final class Clocked extends Tally {
        @Override
        public Long apply(ApplyContext context, Long command) {
            return super.apply(context, command) * 0 + System.nanoTime();
        }
    }

    @Test
    void hiddenTimeIsCaughtAndNamed() {
        ServiceFailure failure = failureOf(simulation(Clocked::new));

        assertThat(failure.property()).isEqualTo(Witness.SAME_RESULT);
        assertThat(failure).hasMessageContaining("two fresh machines").hasMessageContaining("a clock");
    }

    /** Planted: the snapshot lacks a field that shows in later results. */
    private static final class Forgetful extends Tally {
        @Override
        public Capture capture() {
            long countNow = count();
            return out -> {
                DataOutputStream data = new DataOutputStream(out);
                data.writeLong(0);
                data.writeLong(countNow);
                data.flush();
            };
        }
    }

    @Test
    void aSnapshotThatLacksSomethingIsFoundAndMadeShort() {
        ServiceFailure failure = failureOf(simulation(Forgetful::new));

        assertThat(failure.property()).isEqualTo(Witness.SAME_RESULT);
        assertThat(failure).hasMessageContaining("Something that capture and restore should carry is missing");
        assertThat(failure.faults()).isLessThanOrEqualTo(2);
        assertThat(failure.commands()).isLessThanOrEqualTo(4);
    }

    @Test
    void thePlanOfAFailureRepeatsItAndASoundServiceSurvivesIt() {
        ServiceFailure failure = failureOf(simulation(Forgetful::new));

        assertThatThrownBy(() -> simulation(Forgetful::new).replay(failure.plan()))
                .isInstanceOfSatisfying(ServiceFailure.class, again -> {
                    assertThat(again.property()).isEqualTo(failure.property());
                    assertThat(again.plan()).isEqualTo(failure.plan());
                });
        assertThat(simulation(Tally::new).replay(failure.plan()).operations()).isEqualTo(failure.commands());
    }

    @Test
    void theSameFailureIsReportedInTheSameWords() {
        assertThat(failureOf(simulation(Forgetful::new)))
                .hasMessage(failureOf(simulation(Forgetful::new)).getMessage());
    }

    /** Planted: restore leaves out a field that the snapshot has. */
    private static final class HalfRestored extends Tally {
        @Override
        void restore(long newSum, long newCount) {
            super.restore(newSum, 0);
        }
    }

    @Test
    void aStateThatIsNotWhatWasCapturedIsFound() {
        assertThat(failureOf(simulation(HalfRestored::new)).property()).isEqualTo(Witness.SAME_RESTORED);
    }

    /** Planted: a capture is written from the live state. */
    private static final class LiveCapture extends Tally {
        @Override
        public Capture capture() {
            return out -> super.capture().writeTo(out);
        }
    }

    @Test
    void aCaptureThatShowsLaterCommandsIsFound() {
        assertThat(failureOf(simulation(LiveCapture::new)).property()).isEqualTo(Replica.CAPTURE);
    }

    /** Planted: an expected failure is thrown instead of returned. */
    private static final class Throwing extends Tally {
        @Override
        public Long apply(ApplyContext context, Long command) {
            if (command == 7) {
                throw new IllegalStateException("seven is too many");
            }
            return super.apply(context, command);
        }
    }

    @Test
    void anExceptionIsFoundWithItsCommand() {
        ServiceFailure failure = failureOf(simulation(Throwing::new));

        assertThat(failure.property()).isEqualTo(Replica.NO_EXCEPTION);
        assertThat(failure).hasMessageContaining("seven is too many");
        assertThat(failure.commands()).isEqualTo(1);
    }

    @Test
    void everyKindOfRuleIsHeld() {
        assertThat(failureOf(simulation(Tally::new).invariant("few", tally -> tally.count() < 5))
                        .property())
                .isEqualTo("few");
        assertThat(failureOf(simulation(Tally::new)
                                .invariantAcross("all few", all -> all.stream().allMatch(tally -> tally.count() < 5)))
                        .property())
                .isEqualTo("all few");
        assertThat(failureOf(simulation(Tally::new).invariantOfHistory("few asked", history -> history.size() < 5))
                        .property())
                .isEqualTo("few asked");
        ServiceFailure atTheEnd = failureOf(simulation(Tally::new).afterwards("few in the end", end -> {
            assertThat(end.state().count()).isLessThan(5);
            return true;
        }));
        assertThat(atTheEnd.property()).isEqualTo("few in the end");
        assertThat(atTheEnd.commands()).isEqualTo(5);
    }

    private static Model<Long, Long, Long> sums(long lessThan) {
        return new Model<>() {
            @Override
            public Long initial() {
                return 0L;
            }

            @Override
            public Step<Long, Long> apply(Long sum, Long command) {
                return new Step<>(sum + command, Math.min(sum + command, lessThan));
            }
        };
    }

    @Test
    void whatClientsSawIsHeldAgainstAModel() {
        simulation(Tally::new).linearizable(sums(Long.MAX_VALUE)).run();

        ServiceFailure failure = failureOf(simulation(Tally::new).linearizable(sums(20)));
        assertThat(failure.property()).isEqualTo(Judgement.LINEARIZABLE);
        assertThat(failure.commands()).isLessThanOrEqualTo(10);
    }

    @Test
    void aCodecThatChangesACommandIsFound() {
        Codec<Long> lossy = new Codec<>() {
            @Override
            public Payload encode(Long value) {
                return Payload.utf8(Long.toString(value));
            }

            @Override
            public Long decode(Payload payload) {
                return Long.parseLong(payload.toUtf8()) / 10;
            }
        };

        assertThatThrownBy(() -> Simulation.of(Tally::new, lossy, Codec.int64())
                        .workload((random, client) -> 1234L)
                        .run())
                .hasMessageContaining("1234");
    }

    @Test
    void anythingButCrashesCanBeLeftOut() {
        ServiceReport report =
                simulation(Tally::new).faults(Faults.only(FaultKind.CRASHES)).run();

        assertThat(report.coverage().of(Mark.CRASH)).isPositive();
        assertThat(report.coverage().of(Mark.LOST)).isZero();
        assertThat(report.coverage().of(Mark.PARTITION)).isZero();
    }

    @Test
    void refusesWhatCannotBeRun() {
        assertThatThrownBy(() -> simulation(Tally::new).nodes(8)).hasMessageContaining("8");
        assertThatThrownBy(() -> simulation(Tally::new).clients(0)).hasMessageContaining("0");
        assertThatThrownBy(() -> simulation(Tally::new).seeds(0)).hasMessageContaining("0");
        assertThatThrownBy(() ->
                        Simulation.of(Tally::new, Codec.int64(), Codec.int64()).run())
                .hasMessageContaining(".workload(");
        assertThatThrownBy(() -> simulation(Tally::new).replay("seed 1\n 5.0 ms  n1 dances"))
                .hasMessageContaining("n1 dances");
    }
}
