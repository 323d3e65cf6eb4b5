// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgendaTest {

    private final Agenda agenda = new Agenda();
    private final List<String> done = new ArrayList<>();

    @Test
    void doesWhatIsDueAtItsTickInTheOrderItWasPutDown() {
        agenda.after(2, () -> done.add("b"));
        agenda.after(1, () -> done.add("a"));
        agenda.after(2, () -> done.add("c"));

        agenda.tick();
        assertThat(done).containsExactly("a");
        agenda.tick();
        assertThat(done).containsExactly("a", "b", "c");
        agenda.tick();
        assertThat(done).hasSize(3);
    }

    @Test
    void whatIsCancelledIsNotDoneEvenByAnotherOfTheSameTick() {
        Agenda.Alarm first = agenda.after(1, () -> done.add("first"));
        List<Agenda.Alarm> last = new ArrayList<>();
        agenda.after(1, () -> last.get(0).cancel());
        last.add(agenda.after(1, () -> done.add("last")));
        agenda.after(1, () -> done.add("kept"));
        first.cancel();
        first.cancel();

        agenda.tick();

        assertThat(done).containsExactly("kept");
    }

    @Test
    void whatIsPutDownWhileTickingIsDueLater() {
        agenda.after(1, () -> agenda.after(0, () -> done.add("next")));

        agenda.tick();
        assertThat(done).isEmpty();
        agenda.tick();
        assertThat(done).containsExactly("next");
    }

    @Test
    void farAwayIsNotSoon() {
        agenda.after(Integer.MAX_VALUE, () -> done.add("far"));
        for (int i = 0; i < 100_000; i++) {
            agenda.tick();
        }
        assertThat(done).isEmpty();
    }
}
