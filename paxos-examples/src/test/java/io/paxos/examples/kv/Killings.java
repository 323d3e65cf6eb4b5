// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Kills processes with {@code kill -9} and starts them again, while clients write. What is done when follows from a seed
 * and from how many writes have been acknowledged; so the same seed does the same again, as far as processes allow.
 */
final class Killings {

    /** Whom a blow strikes, and when. */
    enum Blow {
        /** Any node, which comes back at once. */
        ONE,
        /** Any node, which comes back when the others have written a lot, so that it lags behind their logs. */
        ONE_LAGS,
        /** The leader. */
        LEADER,
        /** A node once more, while it starts after it has been killed. */
        ONE_STARTING,
        /** Two nodes, so that nothing can be written until one is back. */
        TWO,
        /** All nodes at once. */
        ALL,
        /** All nodes at once, and once more while they start. */
        ALL_STARTING
    }

    /** In most steps between two blows that many writes are acknowledged at most. */
    private static final int FEW_WRITES = 50;

    /** So many are more than a node may lag without fetching a snapshot. */
    private static final int MANY_WRITES = 3 * KvKillsIT.SNAPSHOT_EVERY;

    /** A process takes about as long to start and to recover. */
    private static final int STARTING_MILLIS = 1_500;

    private final KvCluster cluster;
    private final Writers writers;
    private final Random random;
    private final Consumer<String> history;
    private final List<Blow> deck = new ArrayList<>();
    private final Map<Blow, Integer> blows = new EnumMap<>(Blow.class);
    private final Map<String, Long> compacted = new HashMap<>();
    private String leader = "";
    private int kills;
    private int leaderChanges;

    /** How often a node was seen to have forgotten more of the log than before, for which it needs another snapshot. */
    private int snapshots;

    Killings(KvCluster cluster, Writers writers, Random random, Consumer<String> history) {
        this.cluster = cluster;
        this.writers = writers;
        this.random = random;
        this.history = history;
    }

    /**
     * What has not happened often enough; a run in which little happened shows little.
     *
     * @param least how many processes must have been killed; of the rest, in proportion
     */
    List<String> missing(int least) {
        List<String> missing = new ArrayList<>();
        require(missing, "kills", kills, least);
        require(missing, "kills of all at once", count(Blow.ALL) + 2 * count(Blow.ALL_STARTING), least / 8);
        require(missing, "starts that were killed", count(Blow.ONE_STARTING) + count(Blow.ALL_STARTING), least / 10);
        require(missing, "changes of leader", leaderChanges, least / 8);
        require(missing, "snapshots", snapshots, least / 4);
        require(missing, "acknowledged writes", writers.acknowledged().get(), 30L * least);
        return missing;
    }

    private static void require(List<String> missing, String what, long happened, long least) {
        if (happened < least) {
            missing.add(what + ": " + happened + " of at least " + least);
        }
    }

    private int count(Blow blow) {
        return blows.getOrDefault(blow, 0);
    }

    /**
     * Waits until clients get on, strikes one blow, and has all nodes running again. The blow falls as soon as a write
     * has been acknowledged: if it was too early to say so, this is when it shows.
     */
    void next() throws IOException, InterruptedException, ExecutionException {
        look();
        if (deck.isEmpty()) {
            deck.addAll(List.of(Blow.values()));
            Collections.shuffle(deck, random);
        }
        Blow blow = deck.remove(deck.size() - 1);
        history.accept(blow + " comes; " + this);
        writers.awaitMore(1 + random.nextInt(FEW_WRITES), "after " + this);
        strike(blow);
        blows.merge(blow, 1, Integer::sum);
    }

    private void strike(Blow blow) throws IOException, InterruptedException, ExecutionException {
        KvProcess any = shuffled().get(0);
        switch (blow) {
            case ONE -> {
                kill(List.of(any));
                start(List.of(any));
            }
            case ONE_LAGS -> {
                kill(List.of(any));
                writers.awaitMore(MANY_WRITES, "without " + any.id());
                start(List.of(any));
            }
            case LEADER -> {
                KvProcess victim = cluster.nodes().stream()
                        .filter(node -> node.id().equals(leader))
                        .findFirst()
                        .orElse(any);
                kill(List.of(victim));
                writers.awaitMore(1, "after the leader " + victim.id() + " was killed");
                start(List.of(victim));
            }
            case ONE_STARTING -> startTwice(List.of(any));
            case TWO -> {
                List<KvProcess> two = shuffled().subList(0, 2);
                kill(two);
                start(two.subList(0, 1));
                writers.awaitMore(1, "with one of two back");
                start(two.subList(1, 2));
            }
            case ALL -> {
                List<KvProcess> all = shuffled();
                kill(all);
                start(all);
            }
            case ALL_STARTING -> startTwice(shuffled());
        }
    }

    private void startTwice(List<KvProcess> victims) throws IOException, InterruptedException, ExecutionException {
        kill(victims);
        start(victims);
        cluster.poll().pause(random.nextInt(STARTING_MILLIS));
        kill(victims);
        start(victims);
    }

    private void kill(List<KvProcess> victims) throws InterruptedException {
        cluster.kill(victims);
        victims.forEach(victim -> history.accept("killed " + victim.id()));
        kills += victims.size();
    }

    private void start(List<KvProcess> victims) throws IOException {
        for (KvProcess victim : victims) {
            history.accept("start " + victim.id());
            victim.start();
        }
    }

    private List<KvProcess> shuffled() {
        List<KvProcess> nodes = new ArrayList<>(cluster.nodes());
        Collections.shuffle(nodes, random);
        return nodes;
    }

    /** Who led when it was last looked. */
    String leader() {
        return leader;
    }

    /** Sees how the nodes stand that answer; one that has ended by itself fails the test. */
    private void look() {
        for (KvProcess node : cluster.nodes()) {
            node.status().ifPresent(this::see);
        }
    }

    private void see(Status status) {
        if (status.has("stranger") || status.has("halted") || status.has("logHalted")) {
            throw new AssertionError("a node that keeps its state goes on voting, but: " + status);
        }
        long now = status.number("compacted");
        if (now > compacted.getOrDefault(status.text("id"), 0L)) {
            compacted.put(status.text("id"), now);
            snapshots++;
        }
        if (status.text("role").equals("LEADER") && !status.text("id").equals(leader)) {
            leader = status.text("id");
            leaderChanges++;
        }
    }

    @Override
    public String toString() {
        return kills + " kills " + blows + ", " + leaderChanges + " changes of leader, " + snapshots + " snapshots, "
                + writers.acknowledged().get() + " acknowledged writes";
    }
}
