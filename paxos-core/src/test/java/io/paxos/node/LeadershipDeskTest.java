// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What listeners of a leadership are told, by an executor that is the calling thread. */
class LeadershipDeskTest {

    private static final Ballot FIRST = new Ballot(1, NodeId.of("n1"), 1);
    private static final Ballot SECOND = new Ballot(2, NodeId.of("n1"), 1);

    private final LeadershipDesk desk = new LeadershipDesk(new Callbacks(Runnable::run, true));
    private final List<String> told = new ArrayList<>();

    private LeadershipListener listener(String name, Runnable onFirst) {
        return new LeadershipListener() {
            @Override
            public void leads(Ballot token) {
                told.add(name + " leads " + token.round());
                if (token.equals(FIRST)) {
                    onFirst.run();
                }
            }

            @Override
            public void ends(Ballot token) {
                told.add(name + " ends " + token.round());
            }
        };
    }

    /** With the lock of the desk held, the thread that asks for the token and the one that waits for it would never end. */
    @Test
    void aListenerMayWaitForAThreadThatAsksForTheToken() {
        List<Optional<Ballot>> seen = new ArrayList<>();
        LeadershipListener asksElsewhere = listener(
                "a",
                () -> seen.add(CompletableFuture.supplyAsync(desk::token)
                        .orTimeout(30, SECONDS)
                        .join()));

        desk.observe(asksElsewhere);
        desk.changed(FIRST);
        desk.observe(asksElsewhere);

        assertThat(seen).containsExactly(Optional.of(FIRST), Optional.of(FIRST));
    }

    @Test
    void whatChangesWhileListenersAreToldIsToldToAllAfterwards() {
        desk.observe(listener("a", () -> {
            desk.changed(SECOND);
            desk.observe(listener("c", () -> {}));
            desk.changed(null);
        }));
        desk.observe(listener("b", () -> {}));

        desk.changed(FIRST);

        assertThat(told)
                .containsExactly(
                        "a leads 1",
                        "b leads 1",
                        "a ends 1",
                        "a leads 2",
                        "b ends 1",
                        "b leads 2",
                        "c leads 2",
                        "a ends 2",
                        "b ends 2",
                        "c ends 2");
    }
}
