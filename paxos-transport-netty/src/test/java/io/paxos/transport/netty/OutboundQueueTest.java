// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.TestNode.bulk;
import static io.paxos.transport.netty.TestNode.endpoint;
import static io.paxos.transport.netty.TestNode.large;
import static io.paxos.transport.netty.TestNode.urgent;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.message.Envelope;
import io.paxos.message.Message;
import io.paxos.model.Fingerprint;
import io.paxos.model.StartId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutboundQueueTest {

    private static Envelope envelope(Message message) {
        return new Envelope(
                TestNode.CLUSTER, endpoint("n1", 1), endpoint("n2", 1), StartId.NONE, Fingerprint.NONE, message);
    }

    @Test
    void eachLaneIsFirstInFirstOut() {
        OutboundQueue queue = new OutboundQueue(10, 1 << 20);
        queue.offer(envelope(bulk(1, 10)));
        queue.offer(envelope(urgent(1)));
        queue.offer(envelope(large(Frames.MAX_PART)));
        queue.offer(envelope(bulk(2, 10)));
        queue.offer(envelope(urgent(2)));

        assertThat(queue.poll(Lane.URGENT)).isEqualTo(envelope(urgent(1)));
        assertThat(queue.poll(Lane.URGENT)).isEqualTo(envelope(urgent(2)));
        assertThat(queue.poll(Lane.URGENT)).isNull();
        assertThat(queue.poll(Lane.LARGE)).isEqualTo(envelope(large(Frames.MAX_PART)));
        assertThat(queue.poll(Lane.BULK)).isEqualTo(envelope(bulk(1, 10)));
        assertThat(queue.poll(Lane.BULK)).isEqualTo(envelope(bulk(2, 10)));
        assertThat(queue.messages()).isZero();
        assertThat(queue.bytes()).isZero();
        assertThat(queue.dropped()).isZero();
    }

    @Test
    void rule18TheNewestBulkIsRefusedWhenTheQueueIsFull() {
        OutboundQueue queue = new OutboundQueue(2, 1 << 20);
        assertThat(queue.offer(envelope(bulk(1, 10)))).isTrue();
        assertThat(queue.offer(envelope(bulk(2, 10)))).isTrue();
        assertThat(queue.offer(envelope(bulk(3, 10)))).isFalse();

        assertThat(queue.dropped()).isEqualTo(1);
        assertThat(queue.poll(Lane.BULK)).isEqualTo(envelope(bulk(1, 10)));
        assertThat(queue.offer(envelope(bulk(4, 10)))).isTrue();
    }

    @Test
    void rule18WhatIsUrgentTakesThePlaceOfTheNewestBulk() {
        OutboundQueue queue = new OutboundQueue(3, 1 << 20);
        queue.offer(envelope(bulk(1, 10)));
        queue.offer(envelope(bulk(2, 10)));
        queue.offer(envelope(bulk(3, 10)));

        assertThat(queue.offer(envelope(urgent(1)))).isTrue();
        assertThat(queue.offer(envelope(large(Frames.MAX_PART)))).isTrue();

        assertThat(queue.dropped()).isEqualTo(2);
        assertThat(queue.poll(Lane.BULK)).isEqualTo(envelope(bulk(1, 10)));
        assertThat(queue.poll(Lane.BULK)).isNull();
    }

    @Test
    void rule18WhatIsUrgentIsDroppedOnlyWhenNoBulkIsLeft() {
        OutboundQueue queue = new OutboundQueue(2, 1 << 20);
        queue.offer(envelope(bulk(1, 10)));
        queue.offer(envelope(urgent(1)));
        assertThat(queue.offer(envelope(urgent(2)))).isTrue();
        assertThat(queue.offer(envelope(urgent(3)))).isFalse();
        assertThat(queue.offer(envelope(bulk(2, 10)))).isFalse();

        assertThat(queue.poll(Lane.URGENT)).isEqualTo(envelope(urgent(1)));
        assertThat(queue.poll(Lane.URGENT)).isEqualTo(envelope(urgent(2)));
    }

    @Test
    void bytesAreBoundedToo() {
        OutboundQueue queue = new OutboundQueue(1000, 10_000);
        int accepted = 0;
        while (queue.offer(envelope(bulk(accepted, 1000)))) {
            accepted++;
        }
        assertThat(accepted).isBetween(7, 9);
        assertThat(queue.bytes()).isBetween(7_000L, 10_000L);
        assertThat(queue.offer(envelope(urgent(1)))).isTrue();
        assertThat(queue.bytes()).isLessThanOrEqualTo(10_000);

        queue.clear();
        assertThat(queue.bytes()).isZero();
        assertThat(queue.messages()).isZero();
        assertThat(queue.dropped()).isEqualTo(accepted + 2L);
    }

    @Test
    void countsStayRightWhenManyAddAndOneTakes() throws Exception {
        OutboundQueue queue = new OutboundQueue(50, 1 << 20);
        int each = 20_000;
        ExecutorService threads = Executors.newFixedThreadPool(3);
        CountDownLatch adding = new CountDownLatch(2);
        List<Future<?>> tasks = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
            tasks.add(threads.submit(() -> {
                for (int i = 0; i < each; i++) {
                    queue.offer(envelope(i % 3 == 0 ? urgent(i) : bulk(i, 10)));
                }
                adding.countDown();
            }));
        }
        Future<Integer> taken = threads.submit(() -> {
            int count = 0;
            boolean added;
            do {
                added = adding.getCount() == 0;
                for (Lane lane : Lane.values()) {
                    while (queue.poll(lane) != null) {
                        count++;
                    }
                }
            } while (!added);
            return count;
        });
        for (Future<?> task : tasks) {
            task.get(30, TimeUnit.SECONDS);
        }
        assertThat(taken.get(30, TimeUnit.SECONDS) + queue.dropped()).isEqualTo(2L * each);
        assertThat(queue.messages()).isZero();
        assertThat(queue.bytes()).isZero();
        threads.shutdown();
    }
}
