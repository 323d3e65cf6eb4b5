// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.runbooks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** A client that writes one note after another, at one node after another, whichever of them are there. */
final class SteadyLoad implements AutoCloseable {

    private final Map<String, Function<String, CompletableFuture<Long>>> nodes = new ConcurrentHashMap<>();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Thread client = new Thread(this::write, "steady-load");
    private volatile boolean ended;

    /** A node is there; the first one lets the client begin. */
    void use(String id, Function<String, CompletableFuture<Long>> submit) {
        nodes.put(id, submit);
        if (client.getState() == Thread.State.NEW) {
            client.start();
        }
    }

    /** A node is about to go. */
    void leave(String id) {
        nodes.remove(id);
    }

    /** The keys of all notes that were acknowledged so far. */
    Set<String> acknowledged() {
        return Set.copyOf(acknowledged);
    }

    int count() {
        return acknowledged.size();
    }

    private void write() {
        for (int i = 0; !ended; i++) {
            List<Function<String, CompletableFuture<Long>>> there = new ArrayList<>(nodes.values());
            String key = "load-" + i;
            try {
                there.get(i % there.size()).apply(key + "=" + i).get(10, TimeUnit.SECONDS);
                acknowledged.add(key);
            } catch (ExecutionException | TimeoutException e) {
                // The node was closed meanwhile: nobody knows of this note, so it is not counted.
                continue;
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        ended = true;
        client.join(TimeUnit.SECONDS.toMillis(30));
    }
}
