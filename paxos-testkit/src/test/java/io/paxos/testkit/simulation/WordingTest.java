// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every action reads as it is written, and nothing else reads as one. */
class WordingTest {

    static Stream<Action> actions() {
        return Stream.of(
                new Action.Crash(0),
                new Action.Close(1),
                new Action.Transfer(0, 2, false, 20),
                new Action.Transfer(0, Cluster.THE_BEST, true, 20),
                new Action.Transfer(1, Cluster.NOBODY, false, 1),
                new Action.HandOver(1),
                new Action.Start(2),
                new Action.LoseStore(1),
                new Action.Cut(3, List.of(new Action.Link(0, 1), new Action.Link(1, 0), new Action.Link(2, 0))),
                new Action.Heal(3),
                new Action.Clog(0, 2, 1_234_567),
                new Action.SlowLink(1, 0, 30_000),
                new Action.LoseOnLink(0, 1, 50),
                new Action.Amend(0, 2, Action.Part.VOTE, 300),
                new Action.Amend(1, 2, Action.Part.OBSERVE, 300),
                new Action.Amend(2, 0, Action.Part.LEAVE, 1),
                new Action.Pause(1, 5),
                new Action.StepClock(0, -3_000),
                new Action.SetPace(0, 1 / 3.0),
                new Action.SetPace(0, 0),
                new Action.SlowStore(1, 20),
                new Action.FailWrite(2),
                new Action.FillDisk(0, true),
                new Action.FillDisk(0, false),
                new Action.DamageSnapshot(1),
                new Action.FailSnapshot(1),
                new Action.SlowApply(2, 7),
                new Action.Hint(0, 1, true),
                new Action.Hint(0, 1, false),
                new Action.CopyStore(0),
                new Action.PutCopyBack(0),
                new Action.Ask(2, 0, 30, Payload.utf8("x # y")),
                new Action.Ask(2, 0, 30, Payload.utf8("don't")),
                new Action.Ask(2, 0, 30, Payload.EMPTY),
                new Action.Propose(1, new DecreeName("shard-7"), 100, Payload.copyOf(new byte[] {0, -1})));
    }

    @ParameterizedTest
    @MethodSource("actions")
    void everyActionIsReadAsItIsWritten(Action action) {
        String line = Wording.withoutComment("  " + action + "  # it's for the reader");

        assertThat(Wording.read(line)).isEqualTo(action);
    }

    @Test
    void everyKindOfActionIsAmongThese() {
        assertThat(actions().map(Object::getClass).distinct())
                .containsExactlyInAnyOrder(
                        Arrays.stream(Action.class.getPermittedSubclasses()).toArray(Class<?>[]::new));
    }

    @Test
    void bothDirectionsOfALinkAreOneWord() {
        assertThat(new Action.Cut(1, List.of(new Action.Link(0, 1), new Action.Link(1, 0))))
                .hasToString("cut 1: n1-n2");
    }

    @Test
    void whatIsNoActionIsRefusedByItsName() {
        assertThatThrownBy(() -> Wording.read("n1 dances")).hasMessageContaining("n1 dances");
        assertThatThrownBy(() -> Wording.read("client 1 asks n1 within 5 ticks: 0x1"))
                .hasMessageContaining("0x1");
    }
}
