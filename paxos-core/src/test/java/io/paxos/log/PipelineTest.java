// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.CommandId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import org.junit.jupiter.api.Test;

class PipelineTest {

    private static final LogTime NOW = new LogTime(77);

    private final Pipeline pipeline = new Pipeline(3, 1000);

    private static Value.Command command(long sequence, int bytes) {
        return new Value.Command(new CommandId(1, sequence), 1, LogTime.ZERO, Payload.utf8("x".repeat(bytes)));
    }

    @Test
    void valuesLeaveInTheOrderInWhichTheyCame() {
        assertThat(pipeline.peek()).isNull();
        assertThat(pipeline.poll(NOW)).isNull();
        assertThat(pipeline.offer(command(1, 0))).isTrue();
        assertThat(pipeline.offer(Value.NO_OP)).isTrue();
        assertThat(pipeline.peek()).isEqualTo(command(1, 0));
        assertThat(pipeline.poll(NOW)).isNotNull();
        assertThat(pipeline.poll(NOW)).isEqualTo(Value.NO_OP);
        assertThat(pipeline.poll(NOW)).isNull();
    }

    @Test
    void theLeaderWritesItsTimeBesideWhatHasOne() {
        pipeline.offer(command(4, 2));
        pipeline.offer(new Value.OpenSession(NodeId.of("a"), 9, LogTime.ZERO));
        pipeline.offer(Value.NO_OP);
        assertThat(pipeline.poll(NOW)).isEqualTo(new Value.Command(new CommandId(1, 4), 1, NOW, Payload.utf8("xx")));
        assertThat(pipeline.poll(NOW)).isEqualTo(new Value.OpenSession(NodeId.of("a"), 9, NOW));
        assertThat(pipeline.poll(NOW)).isEqualTo(Value.NO_OP);
    }

    @Test
    void thereIsRoomForSoManyValues() {
        for (int i = 1; i <= 3; i++) {
            assertThat(pipeline.hasRoom()).isTrue();
            assertThat(pipeline.offer(command(i, 0))).isTrue();
        }
        assertThat(pipeline.hasRoom()).isFalse();
        assertThat(pipeline.offer(command(4, 0))).isFalse();
        assertThat(pipeline.poll(NOW)).isNotNull();
        assertThat(pipeline.hasRoom()).isTrue();
        assertThat(pipeline.offer(command(4, 0)))
                .as("what was refused is not known")
                .isTrue();
        assertThat(pipeline.offer(command(5, 0))).isFalse();
    }

    @Test
    void thereIsRoomForSoManyBytesAndForOneValueOfWhateverSize() {
        int weight = command(1, 0).weight();
        Pipeline narrow = new Pipeline(100, 2L * weight);
        assertThat(narrow.offer(command(1, 5000))).isTrue();
        assertThat(narrow.offer(command(2, 0))).isFalse();
        assertThat(narrow.poll(NOW)).isNotNull();
        assertThat(narrow.offer(command(2, 0))).isTrue();
        assertThat(narrow.offer(command(3, 0))).isTrue();
        assertThat(narrow.offer(command(4, 0))).as("the limit is reached").isFalse();
        assertThat(narrow.poll(NOW)).isNotNull();
        assertThat(narrow.offer(command(4, 0))).as("its bytes are free again").isTrue();
    }

    @Test
    void rule11AValueThatWaitsOrIsInFlightTakesNoSecondSlot() {
        Value.OpenSession session = new Value.OpenSession(NodeId.of("a"), 9, LogTime.ZERO);
        pipeline.offer(command(1, 0));
        pipeline.offer(session);
        assertThat(pipeline.offer(command(1, 3))).isTrue();
        assertThat(pipeline.offer(new Value.OpenSession(NodeId.of("a"), 9, new LogTime(5))))
                .isTrue();
        Value proposed = pipeline.poll(NOW);
        assertThat(pipeline.poll(NOW)).isNotNull();
        assertThat(pipeline.offer(command(1, 0))).isTrue();
        assertThat(pipeline.offer(session)).isTrue();
        assertThat(pipeline.peek()).as("both are in flight").isNull();
        pipeline.decided(proposed);
        assertThat(pipeline.offer(command(1, 0))).isTrue();
        assertThat(pipeline.peek()).isEqualTo(command(1, 0));
    }

    @Test
    void whatIsKnownIsTakenAlsoWhereThereIsNoRoom() {
        for (int i = 1; i <= 3; i++) {
            pipeline.offer(command(i, 0));
        }
        assertThat(pipeline.offer(command(2, 0))).isTrue();
    }
}
