// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PeerLevelsTest {

    private static final Endpoint ME = new Endpoint(NodeId.of("me"), new Incarnation(1));
    private static final Endpoint B = new Endpoint(NodeId.of("b"), new Incarnation(2));
    private static final Endpoint ANOTHER_B = new Endpoint(NodeId.of("b"), new Incarnation(3));
    private static final FeatureLevel OLD = FeatureLevel.BASE;
    private static final FeatureLevel NEW = FeatureLevel.LATEST;

    private final PeerStarts starts = new PeerStarts(ME, StartId.of(1, 1), Map.of());
    private final PeerLevels levels = new PeerLevels(starts);

    private static StartId start(int number) {
        return StartId.of(number, 9);
    }

    @Test
    void rule9_onlyTheLatestStartThatSpokeCounts() {
        assertThat(levels.hear(B, start(4), NEW)).isTrue();
        assertThat(levels.hear(B, start(5), OLD)).isTrue();
        assertThat(levels.hear(B, start(4), NEW)).as("comes late").isFalse();
        assertThat(levels.of(B)).isEqualTo(OLD);
    }

    @Test
    void rule9_whatAnEarlierStartSaidDoesNotCountOnceALaterOneIsHeardByWhateverItSays() {
        levels.hear(B, start(4), NEW);
        starts.hear(B, start(4));
        assertThat(levels.of(B)).isEqualTo(NEW);
        starts.hear(B, start(5));
        assertThat(levels.of(B)).isNull();
        assertThat(levels.isSilent(B))
                .as("it has spoken since this node started")
                .isFalse();
        levels.hear(B, start(5), OLD);
        assertThat(levels.of(B)).isEqualTo(OLD);
    }

    /** Of two starts of the same number, as of a store that was copied, the one that is counted need not have spoken first. */
    @Test
    void rule7_theStartThatIsCountedIsTakenAtItsWordThoughAnotherOfItsNumberSpokeFirst() {
        StartId copy = StartId.of(4, 7);
        levels.hear(B, copy, NEW);
        starts.hear(B, start(4));
        assertThat(levels.of(B)).as("the other is not counted").isNull();
        assertThat(levels.hear(B, start(4), OLD)).isTrue();
        assertThat(levels.of(B)).isEqualTo(OLD);
        assertThat(levels.hear(B, copy, NEW)).as("not back again").isFalse();
        assertThat(levels.hear(B, start(4), OLD)).as("no news").isFalse();
        assertThat(levels.of(B)).isEqualTo(OLD);
    }

    /** The later one may be what runs, with another library, and its next message will be counted. */
    @Test
    void rule9_theStartThatIsCountedIsNotTakenAtItsWordIfALaterOneHasSpoken() {
        levels.hear(B, start(6), OLD);
        starts.hear(B, start(5));
        assertThat(levels.hear(B, start(5), NEW)).isFalse();
        assertThat(levels.of(B)).as("the word of the later one").isEqualTo(OLD);
    }

    /** Its starts are not noted any more, and what is noted would hold the level down for ever. */
    @Test
    void rule9_aLaterStartOfAStoreThatIsNotCountedAnyMoreIsTakenAtItsWord() {
        starts.hear(B, start(7));
        levels.hear(B, start(8), NEW);
        assertThat(levels.of(B)).isEqualTo(NEW);
    }

    @Test
    void forALostStoreSpeaksTheOneThatTookItsPlace() {
        assertThat(levels.isSilent(B)).isTrue();
        assertThat(levels.of(B)).isNull();
        levels.hear(ANOTHER_B, start(1), OLD);
        assertThat(levels.of(B)).isEqualTo(OLD);
        assertThat(levels.isSilent(B)).isFalse();
        levels.hear(B, start(7), NEW);
        assertThat(levels.of(B)).as("it is not lost").isEqualTo(NEW);
    }

    @Test
    void rule18_ofThoseWhomNobodyCountsTheFirstHeardAreForgotten() {
        starts.hear(B, start(1));
        levels.hear(B, start(1), NEW);
        for (int i = 0; i < 5000; i++) {
            levels.hear(new Endpoint(NodeId.of("passer-by-" + i), new Incarnation(1)), start(1), NEW);
        }
        assertThat(levels.of(B)).as("counted").isEqualTo(NEW);
        assertThat(levels.of(new Endpoint(NodeId.of("passer-by-0"), new Incarnation(1))))
                .isNull();
        assertThat(levels.of(new Endpoint(NodeId.of("passer-by-4999"), new Incarnation(1))))
                .isEqualTo(NEW);
    }
}
