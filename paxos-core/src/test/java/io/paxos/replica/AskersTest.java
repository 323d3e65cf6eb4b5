// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.message.Probe;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who asked last, and with what; not without bound. */
class AskersTest {

    private static final NodeId NODE = NodeId.of("x");
    private static final Endpoint FIRST = new Endpoint(NODE, new Incarnation(1));
    private static final Endpoint AGAIN = new Endpoint(NODE, new Incarnation(2));
    private static final Membership NOBODY = Membership.of(Map.of(NodeId.of("a"), new Incarnation(9)));

    private final Askers askers = new Askers();

    @Test
    void ofOneStartTheLatestQuestionIsKeptInWhateverOrderTheyCome() {
        assertThat(askers.latest(NODE)).isNull();
        askers.asked(FIRST, new Probe(7, 2), 1);
        askers.asked(FIRST, new Probe(7, 1), 2);
        assertThat(askers.latest(NODE)).isEqualTo(new Probe(7, 2));
        askers.asked(FIRST, new Probe(7, 3), 3);
        assertThat(askers.latest(NODE)).isEqualTo(new Probe(7, 3));
    }

    @Test
    void anotherStartOrAnotherStoreBeginsAnew() {
        askers.asked(FIRST, new Probe(7, 5), 1);
        askers.asked(FIRST, new Probe(8, 1), 2);
        assertThat(askers.latest(NODE)).isEqualTo(new Probe(8, 1));
        askers.asked(AGAIN, new Probe(8, 0), 3);
        assertThat(askers.latest(NODE)).isEqualTo(new Probe(8, 0));
        assertThat(askers.notCountedBy(NOBODY, 3)).containsExactly(AGAIN);
    }

    @Test
    void whoHasBeenSilentForLongDoesNotObserveAnyMore() {
        askers.asked(FIRST, new Probe(7, 1), 10);
        assertThat(askers.notCountedBy(NOBODY, 1010)).containsExactly(FIRST);
        assertThat(askers.notCountedBy(NOBODY, 1011)).isEmpty();
        assertThat(askers.notCountedBy(Membership.of(Map.of(NODE, FIRST.incarnation())), 20))
                .isEmpty();
    }

    @Test
    void ofTooManyTheOneThatWasSilentLongestIsForgotten() {
        List<Endpoint> all = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            Endpoint asker = new Endpoint(NodeId.of("n" + i), new Incarnation(1));
            all.add(asker);
            askers.asked(asker, new Probe(1, 1), i);
        }
        assertThat(askers.notCountedBy(NOBODY, 256)).isEqualTo(all);
        askers.asked(all.get(0), new Probe(1, 2), 256);
        askers.asked(FIRST, new Probe(1, 1), 257);
        assertThat(askers.notCountedBy(NOBODY, 257))
                .hasSize(256)
                .contains(all.get(0), FIRST)
                .doesNotContain(all.get(1));
    }
}
