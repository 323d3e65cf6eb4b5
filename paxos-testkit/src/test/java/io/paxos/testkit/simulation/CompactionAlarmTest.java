// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.replica.MachineConfig;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.testkit.check.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * That a candidate leads which lacks what others have forgotten is rare where everything is drawn; so the check of it is
 * put to the test where logs are short, snapshots come in many parts, and nodes are often away.
 */
class CompactionAlarmTest {

    private static final int SEEDS = 60;
    private static final String PROPERTY = "nothing is proposed up to a reported compaction point";

    private static World world(long seed, Program program) {
        Scenario fair = Scenario.fair(3);
        MachineConfig limits = fair.config();
        Scenario shortLogs = new Scenario(
                fair.members(),
                0,
                1,
                0,
                new MachineConfig(
                        limits.heartbeatTicks(),
                        limits.electionTicks(),
                        limits.electionJitterTicks(),
                        limits.resendTicks(),
                        limits.windowSlots(),
                        limits.windowBytes(),
                        16,
                        limits.queueCommands(),
                        limits.queueBytes(),
                        limits.maxValueBytes(),
                        limits.decreesInFlight(),
                        0,
                        new SnapshotPolicy(2, Long.MAX_VALUE, 0, 0, 0, 30)),
                fair.links(),
                fair.disks(),
                new Load(30_000, 1, 0, 0, 0, 30, 0, 0),
                new FaultPlan(List.of(
                        new FaultPlan.Recurring(new Partitions(), 400_000),
                        new FaultPlan.Recurring(new Crashes(false), 400_000))));
        return new World(new Setup(seed, 6_000, 7, 200, null, program, null, null, Ending.CALM, null), shortLogs);
    }

    @Test
    void aCandidateThatIsDeafToCompactionIsFoundOut() {
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                world(seed, new Deaf()).run();
            } catch (Violation e) {
                if (e.property().equals(PROPERTY)) {
                    System.out.println("found out with seed " + seed);
                    return;
                }
            }
        }
        assertThat(SEEDS).as("seeds that did not find it out").isZero();
    }

    @Test
    void candidatesThatListenAreNot() {
        for (long seed = 0; seed < 5; seed++) {
            assertThat(world(seed, Program.PAXOS).run().events()).isPositive();
        }
    }

    /** Candidates that do not hear that anything is decided or forgotten elsewhere, and so close it by no-ops. */
    private record Deaf() implements Variant {

        @Override
        public Machine variant(Self self, Machine machine) {
            return new Handing(machine) {
                @Override
                public List<Effect> step(Event event) {
                    return super.step(muffled(event));
                }
            };
        }

        private static Event muffled(Event event) {
            if (event instanceof Event.Received received
                    && received.envelope().message() instanceof GroupMessage g
                    && g.body() instanceof LogMessage.Promise p) {
                Envelope e = received.envelope();
                LogMessage.Promise nothing =
                        new LogMessage.Promise(p.ballot(), p.slots(), p.last(), 0, 0, p.accepted());
                return new Event.Received(e.with(new GroupMessage(g.group(), nothing)));
            }
            return event;
        }
    }
}
