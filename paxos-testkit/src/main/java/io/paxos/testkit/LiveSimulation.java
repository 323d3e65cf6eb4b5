// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import io.paxos.testkit.live.Letter;
import io.paxos.testkit.live.News;
import io.paxos.testkit.live.Sight;
import io.paxos.testkit.simulation.Live;
import java.util.List;

/**
 * A simulation that somebody drives by hand: it goes on only as far as it is told, lets everything be looked at, and does
 * to its nodes what it is asked to, in the words of a plan ({@code n1 crashes}). The nodes are the product's, with the
 * simulator's network, disks and checks; nothing goes wrong of itself.
 *
 * <p>A run is its seed, the number of its nodes, and what was done to it at which moment: repeated, these give the same
 * run to the last message. So whoever wants to look at an earlier moment begins anew and goes on up to there.
 *
 * <pre>{@code
 * LiveSimulation run = LiveSimulation.begin(7, 5);
 * run.advance(1_000_000);
 * run.act("n1 crashes");
 * run.advance(2_000_000);
 * Sight then = run.look();
 * }</pre>
 *
 * <p>For use by one thread; several runs share nothing.
 */
public final class LiveSimulation {

    private final Live live;

    private LiveSimulation(Live live) {
        this.live = live;
    }

    /**
     * A run in which nothing has happened yet. The nodes start of themselves within 50 ms, form a cluster and elect a
     * leader.
     *
     * @param seed settles all that is drawn, such as how long a message takes
     * @param nodes how many nodes there are, n1, n2 and so on, all of which vote: 1 to 7
     * @return the run, at time 0
     * @throws IllegalArgumentException if the number is out of range
     */
    public static LiveSimulation begin(long seed, int nodes) {
        if (nodes < 1 || nodes > 7) {
            throw new IllegalArgumentException("a simulated cluster has 1 to 7 voters, not " + nodes);
        }
        return new LiveSimulation(new Live(seed, nodes));
    }

    /**
     * How late it is.
     *
     * @return microseconds of virtual time since the beginning
     */
    public long micros() {
        return live.micros();
    }

    /**
     * Lets everything happen that comes before a moment, which is the present one then. Once something has been found
     * not to hold, nothing happens any more, and only time goes by.
     *
     * @param micros the moment, in microseconds of virtual time; nothing happens if it has passed already
     */
    public void advance(long micros) {
        while (step(micros)) {
            // the next one
        }
    }

    /**
     * Lets one thing happen, if there is one before a moment: a message arrives, a write becomes durable, a clock ticks.
     *
     * @param micros the moment, in microseconds of virtual time; it is the present one when nothing is left before it
     * @return false if nothing was left before it
     */
    public boolean step(long micros) {
        return live.step(micros);
    }

    /**
     * Does something to the cluster from outside, at the present moment. What would do nothing, such as to stop a node
     * that is down, is not done, and the news say why.
     *
     * @param action a line of a plan without its time, as in the table of {@code docs/testing-your-service.md}
     * @return true if it was done
     * @throws IllegalArgumentException naming the action if none reads like that, or it names a node that there is not
     */
    public boolean act(String action) {
        return live.act(action);
    }

    /**
     * How everything stands.
     *
     * @return a view of the present moment
     */
    public Sight look() {
        return live.look();
    }

    /**
     * The messages that have left since the last call.
     *
     * @return in the order in which they left, the lost ones too; what a node sends to itself is not among them
     */
    public List<Letter> takeLetters() {
        return live.takeLetters();
    }

    /**
     * What has happened since the last call.
     *
     * @return in its order
     */
    public List<News> takeNews() {
        return live.takeNews();
    }
}
