// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What else may happen to processes than their death: they stand still, or links between them are cut or slow, or a disk is
 * full. While it lasts the others must get on, which is waited for; then it ends. Which comes when follows from a seed.
 */
final class Troubles {

    /** What happens. */
    enum Trouble {
        /** A process stands still, and goes on later without knowing. */
        PAUSE_ONE,
        /** So does the leader. */
        PAUSE_LEADER,
        /** Nothing gets to a node or away from it. */
        CUT_ONE,
        /** Two nodes do not hear each other, though all the others hear both. */
        CUT_PAIR,
        /** A node hears everything, and nobody hears it. */
        CUT_FROM_ONE,
        /** A node is heard, and hears nothing. */
        CUT_TO_ONE,
        /** A node can be reached only slowly, and reaches the others slowly. */
        SLOW_ONE,
        /** The disk of a node is full. */
        FULL_DISK
    }

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** So many writes show that the others get on, and not only what was under way. */
    private static final int SOME_WRITES = 30;

    /** From well within to well beyond what makes the others elect a leader. */
    private static final int MOST_MILLIS = 2_500;

    private final KvCluster cluster;
    private final Writers writers;
    private final Killings killings;
    private final @Nullable SmallDisk disk;
    private final Random random;
    private final Consumer<String> history;
    private final List<Trouble> deck = new ArrayList<>();
    private final Map<Trouble, Integer> met = new EnumMap<>(Trouble.class);

    /**
     * Nothing happens yet.
     *
     * @param killings knows who leads
     * @param disk the disk of the first node, or null if files have to be limited some other way
     */
    Troubles(
            KvCluster cluster,
            Writers writers,
            Killings killings,
            @Nullable SmallDisk disk,
            Random random,
            Consumer<String> history) {
        this.cluster = cluster;
        this.writers = writers;
        this.killings = killings;
        this.disk = disk;
        this.random = random;
        this.history = history;
    }

    /** What has not happened so often. */
    List<String> missing(int least) {
        List<String> missing = new ArrayList<>();
        require(missing, least, Trouble.PAUSE_ONE, Trouble.PAUSE_LEADER);
        require(missing, least, Trouble.CUT_ONE, Trouble.CUT_PAIR);
        require(missing, least, Trouble.CUT_FROM_ONE, Trouble.CUT_TO_ONE);
        require(missing, least, Trouble.SLOW_ONE);
        require(missing, least, Trouble.FULL_DISK);
        if (cluster.links().heldBack() == 0 || cluster.links().leastPassed() == 0) {
            missing.add("links that carry everything and hold something back");
        }
        return missing;
    }

    private void require(List<String> missing, int least, Trouble... kinds) {
        int count = Stream.of(kinds).mapToInt(kind -> met.getOrDefault(kind, 0)).sum();
        if (count < least) {
            missing.add(List.of(kinds) + ": " + count + " of at least " + least);
        }
    }

    /** Waits until clients get on, lets one thing happen, and has all well again. */
    void next() throws IOException, InterruptedException, ExecutionException {
        if (deck.isEmpty()) {
            deal();
        }
        Trouble trouble = deck.remove(0);
        writers.awaitMore(1, "before " + trouble);
        history.accept(trouble + " comes; " + this);
        List<KvProcess> nodes = new ArrayList<>(cluster.nodes());
        Collections.shuffle(nodes, random);
        KvProcess one = nodes.get(0);
        switch (trouble) {
            case PAUSE_ONE -> pause(one);
            case PAUSE_LEADER -> pause(leaderOr(one));
            case CUT_ONE -> {
                cluster.links().cutFrom(one.id());
                cluster.links().cutTo(one.id());
                endure("without " + one.id());
            }
            case CUT_PAIR -> {
                cluster.links().cut(one.id(), nodes.get(1).id());
                cluster.links().cut(nodes.get(1).id(), one.id());
                endure("while " + one.id() + " and " + nodes.get(1).id() + " do not hear each other");
            }
            case CUT_FROM_ONE -> {
                cluster.links().cutFrom(one.id());
                endure("while nobody hears " + one.id());
            }
            case CUT_TO_ONE -> {
                cluster.links().cutTo(leaderOr(one).id());
                endure("while " + leaderOr(one).id() + " hears nobody");
            }
            case SLOW_ONE -> {
                cluster.links().slow(one.id());
                endure("while the links of " + one.id() + " are slow");
            }
            case FULL_DISK -> fillDisk(cluster.nodes().get(0));
        }
        met.merge(trouble, 1, Integer::sum);
        history.accept(trouble + " is over");
    }

    /** First one of each sort, so that a short run meets all of them, then the others. */
    private void deal() {
        List<Trouble> others = new ArrayList<>();
        deck.addAll(List.of(Trouble.SLOW_ONE, Trouble.FULL_DISK));
        for (List<Trouble> sort : List.of(
                List.of(Trouble.PAUSE_ONE, Trouble.PAUSE_LEADER),
                List.of(Trouble.CUT_ONE, Trouble.CUT_PAIR),
                List.of(Trouble.CUT_FROM_ONE, Trouble.CUT_TO_ONE))) {
            int first = random.nextInt(2);
            deck.add(sort.get(first));
            others.add(sort.get(1 - first));
        }
        Collections.shuffle(deck, random);
        Collections.shuffle(others, random);
        deck.addAll(others);
    }

    private KvProcess leaderOr(KvProcess other) {
        return cluster.nodes().stream()
                .filter(node -> node.id().equals(killings.leader()))
                .findFirst()
                .orElse(other);
    }

    private void pause(KvProcess victim) throws IOException, InterruptedException, ExecutionException {
        history.accept("pause " + victim.id());
        victim.pause();
        try {
            lastAWhile("while " + victim.id() + " stands still");
        } finally {
            victim.resume();
        }
    }

    private void endure(String when) throws InterruptedException, ExecutionException {
        history.accept(when);
        lastAWhile(when);
        cluster.links().heal(random.nextBoolean());
    }

    private void lastAWhile(String when) throws InterruptedException, ExecutionException {
        cluster.poll().pause(random.nextInt(MOST_MILLIS));
        writers.awaitMore(SOME_WRITES, when);
    }

    /** It stops as a voter until it is started again with room on its disk; the others go on. */
    private void fillDisk(KvProcess victim) throws IOException, InterruptedException, ExecutionException {
        // With a full disk it could not even open its store, so it must not be on its way up from the last kill.
        cluster.poll().until(victim.id() + " to be up", PATIENCE, victim::status);
        if (disk == null) {
            victim.limitFiles();
        } else {
            disk.fill();
        }
        cluster.poll().until(victim.id() + " to stop as a voter, its disk being full", PATIENCE, () -> victim.status()
                .filter(status -> status.has("halted")));
        writers.awaitMore(SOME_WRITES, "while the disk of " + victim.id() + " is full");
        if (disk != null) {
            disk.empty();
        }
        victim.kill();
        victim.start();
    }

    @Override
    public String toString() {
        return met + ", held back by cut links " + cluster.links().heldBack() + " times";
    }
}
