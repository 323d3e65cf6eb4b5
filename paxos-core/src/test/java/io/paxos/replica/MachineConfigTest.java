// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits that nothing could run with are refused by name; the least possible ones are taken. */
class MachineConfigTest {

    private static final int[] LEAST = {1, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0};
    private static final String[] NAMES = {
        "heartbeatTicks",
        "electionTicks",
        "electionJitterTicks",
        "resendTicks",
        "windowSlots",
        "windowBytes",
        "messageBytes",
        "queueCommands",
        "queueBytes",
        "maxValueBytes",
        "decreesInFlight",
        "priority"
    };

    private static MachineConfig config(int... limits) {
        return new MachineConfig(
                limits[0],
                limits[1],
                limits[2],
                limits[3],
                limits[4],
                limits[5],
                limits[6],
                limits[7],
                limits[8],
                limits[9],
                limits[10],
                limits[11],
                SnapshotPolicy.DEFAULTS);
    }

    @Test
    void theLeastPossibleIsTaken() {
        assertThat(config(LEAST).electionTicks()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void lessThanThatIsRefusedByName(int limit) {
        int[] limits = LEAST.clone();
        limits[limit]--;
        assertThatThrownBy(() -> config(limits))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(NAMES[limit])
                .hasMessageEndingWith(" but is " + limits[limit]);
    }

    @Test
    void anElectionWaitsForThreeHeartbeatsAtLeast() {
        int[] limits = LEAST.clone();
        limits[0] = 10;
        limits[1] = 29;
        assertThatThrownBy(() -> config(limits)).hasMessage("electionTicks must be at least 30, but is 29");
        limits[1] = 30;
        assertThat(config(limits).heartbeatTicks()).isEqualTo(10);
    }

    @Test
    void prioritiesEndAtAHundred() {
        int[] limits = LEAST.clone();
        limits[11] = 100;
        assertThat(config(limits).priority()).isEqualTo(100);
        limits[11] = 101;
        assertThatThrownBy(() -> config(limits)).hasMessage("priority must be 0 to 100, but is 101");
    }

    @Test
    void rule10_whoProposesInASlotKnowsWhatWasDecidedAlphaSlotsBelow() {
        assertThat(config(LEAST).withAlpha(2).alpha()).isEqualTo(2);
        assertThatThrownBy(() -> config(LEAST).withAlpha(1)).hasMessage("alpha must be at least 2, but is 1");
        int[] limits = LEAST.clone();
        limits[4] = 5;
        assertThat(config(limits).withAlpha(5).windowSlots()).isEqualTo(5);
        assertThatThrownBy(() -> config(limits).withAlpha(4))
                .hasMessageContainingAll("windowSlots", "which is 4", "is 5", "choose a smaller window");
    }

    @Test
    void patienceForAStoreThatCameBackIsNotNegative() {
        assertThat(config(LEAST).withReadmission(0).readmitTicks()).isZero();
        assertThatThrownBy(() -> config(LEAST).withReadmission(-1))
                .hasMessage("readmitTicks must be at least 0, but is -1");
    }

    @Test
    void aPriorityOfItsOwnAndOfficesThatAreSpreadDoNotGoTogether() {
        int[] limits = LEAST.clone();
        assertThat(config(limits).withSpread(true).spread()).isTrue();
        limits[11] = 7;
        assertThatThrownBy(() -> config(limits).withSpread(true))
                .hasMessageContainingAll("priority must be 0", "but is 7");
        assertThat(config(limits).withSpread(false).priority()).isEqualTo(7);
    }

    @Test
    void whatIsChangedLeavesEverythingElseAsItWas() {
        LeasePolicy leases = new LeasePolicy(1_000_000, 0.1);
        MachineConfig changed = MachineConfig.DEFAULTS
                .withAlpha(9_000)
                .withReadmission(7)
                .with(leases)
                .withSpread(true);
        assertThat(changed.alpha()).isEqualTo(9_000);
        assertThat(changed.readmitTicks()).isEqualTo(7);
        assertThat(changed.leases()).isEqualTo(leases);
        assertThat(changed.spread()).isTrue();
        assertThat(changed.withAlpha(MachineConfig.DEFAULT_ALPHA)
                        .withReadmission(0)
                        .withSpread(false)
                        .with(LeasePolicy.NONE))
                .isEqualTo(MachineConfig.DEFAULTS);
    }
}
