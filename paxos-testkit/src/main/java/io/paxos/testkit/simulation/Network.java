// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Coverage;
import io.paxos.testkit.coverage.Mark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The links between nodes: which message arrives, when and how often. Every link loses, duplicates, delays and reorders
 * by {@link Links}, and may be cut or clogged besides, each direction on its own.
 */
final class Network {

    /** Some links are cut from the making of this until it is healed. */
    static final class Cut {

        private final boolean[][] links;

        private Cut(int nodes) {
            this.links = new boolean[nodes][nodes];
        }

        /** Nothing gets from the one node to the other. */
        Cut oneWay(int from, int to) {
            links[from][to] = from != to;
            return this;
        }

        /** What is cut. */
        List<Action.Link> links() {
            List<Action.Link> all = new ArrayList<>();
            for (int from = 0; from < links.length; from++) {
                for (int to = 0; to < links.length; to++) {
                    if (links[from][to]) {
                        all.add(new Action.Link(from, to));
                    }
                }
            }
            return all;
        }

        /** Nothing gets from either node to the other. */
        Cut bothWays(int a, int b) {
            return oneWay(a, b).oneWay(b, a);
        }
    }

    /** How a message is delivered: not at all, once or twice, each time at its own time. */
    interface Delivery {
        void at(long time);
    }

    private final RandomGenerator random;
    private final Coverage coverage;
    private final int nodes;
    private final List<Cut> cuts = new ArrayList<>();
    private final long[][] cloggedUntil;
    private final long[][] latest;
    private final long[][] longer;
    private final double[][] lossy;
    private Links links;

    Network(int nodes, Links links, RandomGenerator random, Coverage coverage) {
        this.nodes = nodes;
        this.links = links;
        this.random = random;
        this.coverage = coverage;
        this.cloggedUntil = new long[nodes][nodes];
        this.latest = new long[nodes][nodes];
        this.longer = new long[nodes][nodes];
        this.lossy = new double[nodes][nodes];
    }

    /** A cut that is not made yet and cuts nothing. */
    Cut newCut() {
        return new Cut(nodes);
    }

    void cut(Cut cut) {
        cuts.add(cut);
    }

    /** Heals a cut, if it is not healed already. */
    void heal(Cut cut) {
        cuts.remove(cut);
    }

    /** From now on nothing is cut, clogged, lost or duplicated; what is under way stays under way. */
    void calm() {
        cuts.clear();
        for (int from = 0; from < nodes; from++) {
            Arrays.fill(cloggedUntil[from], 0);
            Arrays.fill(longer[from], 0);
            Arrays.fill(lossy[from], 0);
        }
        links = Links.CALM;
    }

    boolean isCut(int from, int to) {
        for (Cut cut : cuts) {
            if (cut.links[from][to]) {
                return true;
            }
        }
        return false;
    }

    /** What is sent on this link before then arrives after it. */
    void clog(int from, int to, long until) {
        cloggedUntil[from][to] = Math.max(cloggedUntil[from][to], until);
    }

    /** From now on every message on this link takes so many microseconds longer than it would. */
    void slow(int from, int to, long micros) {
        longer[from][to] = micros;
    }

    /** How many microseconds longer a message takes on this link than it would. */
    long slowness(int from, int to) {
        return longer[from][to];
    }

    /** From now on this link loses so many messages of a hundred, besides those that any link loses. */
    void lose(int from, int to, int percent) {
        lossy[from][to] = percent / 100.0;
    }

    /** How many messages of a hundred this link loses more than any link does. */
    int loss(int from, int to) {
        return (int) Math.round(lossy[from][to] * 100);
    }

    /**
     * Sends a message.
     *
     * @return false if it is lost
     */
    boolean send(long now, int from, int to, Delivery delivery) {
        if (isCut(from, to)) {
            coverage.count(Mark.CUT);
            return false;
        }
        if (Draw.chance(random, links.loss()) || Draw.chance(random, lossy[from][to])) {
            coverage.count(Mark.LOST);
            return false;
        }
        deliver(now, from, to, delivery);
        if (Draw.chance(random, links.duplicate())) {
            coverage.count(Mark.DUPLICATED);
            deliver(now, from, to, delivery);
        }
        return true;
    }

    private void deliver(long now, int from, int to, Delivery delivery) {
        long delay = links.leastDelay() + Draw.exponential(random, links.meanDelay());
        if (Draw.chance(random, links.straggle())) {
            delay *= 50;
        }
        long time = Math.max(now, cloggedUntil[from][to]) + delay + longer[from][to];
        if (time < latest[from][to]) {
            if (links.inOrder()) {
                time = latest[from][to];
            } else {
                coverage.count(Mark.REORDERED);
            }
        }
        latest[from][to] = Math.max(latest[from][to], time);
        delivery.at(time);
    }
}
