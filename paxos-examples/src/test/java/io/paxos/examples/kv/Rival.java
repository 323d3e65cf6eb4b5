// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client that reads and writes, also conditionally, a key that others use at the same time, at any node; and reads keys
 * of those who write alone. When one of them does not know what became of a write, all take another key: so few calls of
 * one key are open, and their history stays easy to judge.
 */
final class Rival implements Runnable {

    private static final int MOST_CALLS_PER_KEY = 400;
    private static final long BREATH_MILLIS = 5;

    private final KvClient client;
    private final List<KvProcess> nodes;
    private final List<Writer> writers;
    private final Random random;
    private final AtomicBoolean stop;
    private final AtomicInteger calls;
    private String lastSeen = "";

    /** All rivals of a run count their calls together. */
    Rival(
            KvClient client,
            List<KvProcess> nodes,
            List<Writer> writers,
            Random random,
            AtomicBoolean stop,
            AtomicInteger calls) {
        this.client = client;
        this.nodes = nodes;
        this.writers = writers;
        this.random = random;
        this.stop = stop;
        this.calls = calls;
    }

    @Override
    public void run() {
        while (!stop.get()) {
            int number = calls.getAndIncrement();
            String key = "rivals-" + number / MOST_CALLS_PER_KEY;
            KvProcess node = nodes.get(random.nextInt(nodes.size()));
            try {
                HttpResponse<String> answer = client.call(node, next(key, number));
                if (answer.statusCode() == 200 || answer.statusCode() == 409) {
                    lastSeen = answer.body();
                } else if (answer.statusCode() == 504) {
                    takeAnotherKey();
                }
            } catch (ConnectException e) {
                // Nobody listens, so nobody has heard of this call, and the key is as it was.
            } catch (IOException e) {
                takeAnotherKey();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            breathe();
        }
    }

    private KvModel.Call next(String key, int number) {
        return switch (random.nextInt(5)) {
            case 0 ->
                new KvModel.Get(writers.get(random.nextInt(writers.size())).key());
            case 1 -> new KvModel.Put(key, "p" + number);
            case 2, 3 -> new KvModel.PutIf(key, lastSeen, "c" + number);
            default -> new KvModel.Get(key);
        };
    }

    private void takeAnotherKey() {
        calls.updateAndGet(n -> (n / MOST_CALLS_PER_KEY + 1) * MOST_CALLS_PER_KEY);
    }

    private static void breathe() {
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(BREATH_MILLIS, TimeUnit.MILLISECONDS))
                .join();
    }
}
