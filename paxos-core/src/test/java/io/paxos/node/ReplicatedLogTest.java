package io.paxos.node;

import static io.paxos.node.Cluster.counter;
import static io.paxos.node.Cluster.result;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReplicatedLogTest {

    @Test
    void everyNodeSubmitsAndEveryCommandIsAppliedOnce() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            List<ReplicatedLog<Long, Long, Counter>> logs = new ArrayList<>();
            cluster.nodes().forEach(node -> logs.add(counter(node, "sum")));
            List<CompletableFuture<Long>> calls = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                calls.add(logs.get(i % 3).submit(1L));
            }
            List<Long> results = new ArrayList<>();
            for (CompletableFuture<Long> call : calls) {
                results.add(result(call));
            }
            assertThat(results)
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, 1000).boxed().toList());
            for (ReplicatedLog<Long, Long, Counter> log : logs) {
                assertThat(result(log.read(Counter::sum))).isEqualTo(1000);
                assertThat(result(log.readLocal(Counter::sum))).isEqualTo(1000);
            }
            assertThat(logs.stream().filter(ReplicatedLog::isLeader)).hasSize(1);
        }
    }
}
