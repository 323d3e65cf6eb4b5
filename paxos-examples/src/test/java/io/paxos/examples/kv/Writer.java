// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A client that writes 1, 2, 3 … to a key of its own, so that value and version of the key must be equal: a write lost
 * leaves the version behind, a write applied twice leaves it ahead. As soon as it does not know what became of a write,
 * it takes another key and another node.
 */
final class Writer implements Runnable {

    private static final long BREATH_MILLIS = 20;

    /**
     * What a client knows of one key.
     *
     * @param key which key
     * @param acknowledged so many writes were acknowledged, the last one of this value
     * @param open whether one more may have been applied
     */
    record Knowledge(String key, long acknowledged, boolean open) {}

    private final String name;
    private final KvClient client;
    private final List<KvProcess> nodes;
    private final AtomicBoolean stop;
    private final WriteCount acknowledgedByAll;
    private final Consumer<String> history;
    private final List<Knowledge> knowledge = new ArrayList<>();
    private final List<String> surprises = new ArrayList<>();
    private volatile String key;
    private int at;

    Writer(
            String name,
            KvClient client,
            List<KvProcess> nodes,
            int firstNode,
            AtomicBoolean stop,
            WriteCount acknowledgedByAll,
            Consumer<String> history) {
        this.name = name;
        this.client = client;
        this.key = name + "-0";
        this.nodes = nodes;
        this.at = firstNode;
        this.stop = stop;
        this.acknowledgedByAll = acknowledgedByAll;
        this.history = history;
    }

    /** The key that it writes now. Safe for any thread. */
    String key() {
        return key;
    }

    /** All keys written; to be called when the writer has ended. */
    List<Knowledge> knowledge() {
        return knowledge;
    }

    /** Answers that no client should ever get; to be called when the writer has ended. */
    List<String> surprises() {
        return surprises;
    }

    @Override
    public void run() {
        for (int epoch = 0; !stop.get() && !Thread.currentThread().isInterrupted(); epoch++) {
            key = name + "-" + epoch;
            Knowledge filled = fill(key);
            history.accept(filled.toString());
            knowledge.add(filled);
            goElsewhere();
        }
    }

    private void goElsewhere() {
        at = (at + 1) % nodes.size();
    }

    /** Writes to one key until it is not known what became of a write, or all is to stop. */
    private Knowledge fill(String ownKey) {
        long written = 0;
        while (!stop.get()) {
            try {
                HttpResponse<String> answer =
                        client.call(nodes.get(at), new KvModel.Put(ownKey, Long.toString(written + 1)));
                history.accept(
                        ownKey + " " + (written + 1) + " at " + nodes.get(at).id() + ": " + answer.statusCode());
                if (answer.statusCode() == 503) {
                    goElsewhere();
                    continue;
                }
                if (answer.statusCode() != 204) {
                    if (answer.statusCode() != 504) {
                        surprises.add(ownKey + ": " + answer.statusCode() + " " + answer.body());
                    }
                    return new Knowledge(ownKey, written, true);
                }
                written++;
                acknowledgedByAll.increment();
                String version = answer.headers().firstValue("ETag").orElse("none");
                if (!version.equals("\"" + written + "\"")) {
                    surprises.add(ownKey + ": write " + written + " made version " + version);
                    return new Knowledge(ownKey, written, false);
                }
            } catch (ConnectException e) {
                // Nobody listens, so nobody has heard of this write.
                goElsewhere();
                breathe();
            } catch (IOException e) {
                history.accept(
                        ownKey + " " + (written + 1) + " at " + nodes.get(at).id() + ": " + e);
                return new Knowledge(ownKey, written, true);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Knowledge(ownKey, written, true);
            }
        }
        return new Knowledge(ownKey, written, false);
    }

    private static void breathe() {
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(BREATH_MILLIS, TimeUnit.MILLISECONDS))
                .join();
    }
}
