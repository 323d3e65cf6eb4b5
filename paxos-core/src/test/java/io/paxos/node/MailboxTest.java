// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Mailbox.Lane.BULK;
import static io.paxos.node.Mailbox.Lane.CALLS;
import static io.paxos.node.Mailbox.Lane.REPORTS;
import static io.paxos.node.Mailbox.Lane.VOTES;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Rule 18: every queue is bounded, in count and in bytes, and votes never wait for a place behind values. */
class MailboxTest {

    private final Mailbox<String> mailbox = new Mailbox<>(new Room(2, 1000), new Room(3, 100), new Room(2, 1000));

    @Test
    void keepsTheOrder() {
        assertThat(mailbox.offer(BULK, "a", 1)).isTrue();
        assertThat(mailbox.offer(VOTES, "b", 1)).isTrue();
        assertThat(mailbox.offer(REPORTS, "c", 1)).isTrue();
        assertThat(List.of(mailbox.poll(), mailbox.poll(), mailbox.poll())).containsExactly("a", "b", "c");
        assertThat(mailbox.poll()).isNull();
        assertThat(mailbox.isEmpty()).isTrue();
    }

    @Test
    void rule18_valuesTakeNoPlaceFromVotes() {
        while (mailbox.offer(BULK, "value", 10)) {
            assertThat(mailbox.isEmpty()).isFalse();
        }
        while (mailbox.offer(CALLS, "call", 10)) {
            assertThat(mailbox.isEmpty()).isFalse();
        }
        assertThat(mailbox.offer(VOTES, "vote", 10)).isTrue();
        assertThat(mailbox.offer(REPORTS, "applied", 10)).isTrue();
    }

    @Test
    void rule18_countIsBounded() {
        assertThat(mailbox.offer(CALLS, "1", 1)).isTrue();
        assertThat(mailbox.offer(CALLS, "2", 1)).isTrue();
        assertThat(mailbox.offer(CALLS, "3", 1)).isFalse();
        assertThat(mailbox.poll()).isEqualTo("1");
        assertThat(mailbox.offer(CALLS, "4", 1)).isTrue();
    }

    @Test
    void rule18_bytesAreBounded() {
        assertThat(mailbox.offer(BULK, "1", 60)).isTrue();
        assertThat(mailbox.offer(BULK, "2", 41)).isFalse();
        assertThat(mailbox.offer(BULK, "3", 40)).isTrue();
        assertThat(mailbox.poll()).isEqualTo("1");
        assertThat(mailbox.offer(BULK, "4", 60)).isTrue();
    }

    @Test
    void whatIsHeavierThanTheRoomEntersAlone() {
        assertThat(mailbox.offer(BULK, "huge", 5000)).isTrue();
        assertThat(mailbox.offer(BULK, "small", 1)).isFalse();
        assertThat(mailbox.poll()).isEqualTo("huge");
        assertThat(mailbox.offer(BULK, "small", 1)).isTrue();
        assertThat(mailbox.offer(BULK, "huge", 5000)).isFalse();
    }

    @Test
    void manyPutInAndOneTakesOutAndNothingIsLostOrKept() throws Exception {
        Mailbox<Integer> shared = new Mailbox<>(new Room(1, 1), new Room(100, 1_000_000), new Room(1, 1));
        int each = 20_000;
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<CompletableFuture<Integer>> producers = new ArrayList<>();
            for (int p = 0; p < 3; p++) {
                producers.add(CompletableFuture.supplyAsync(
                        () -> {
                            int accepted = 0;
                            for (int i = 0; i < each; i++) {
                                accepted += shared.offer(BULK, i, 7) ? 1 : 0;
                            }
                            return accepted;
                        },
                        threads));
            }
            CompletableFuture<Void> all = CompletableFuture.allOf(producers.toArray(CompletableFuture[]::new));
            int taken = 0;
            while (!all.isDone() || !shared.isEmpty()) {
                if (shared.poll() != null) {
                    taken++;
                }
            }
            int accepted = 0;
            for (CompletableFuture<Integer> producer : producers) {
                accepted += producer.get(10, SECONDS);
            }
            assertThat(taken).isEqualTo(accepted).isPositive();
            assertThat(shared.fill(BULK)).startsWith("0 of 100 waiting, 0 of");
        } finally {
            threads.shutdownNow();
        }
    }
}
