// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.live;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How everything stands at one moment of a simulation. Lists are in the order of nodes and slots, and immutable.
 *
 * @param micros the moment, in microseconds of virtual time
 * @param nodes every node
 * @param chosen what is chosen in the log, slot by slot
 * @param decrees every decree of which anything has been heard
 * @param links the links between nodes with which something is wrong
 * @param underWay the messages that have left and not arrived
 * @param lights everything that is checked all the time
 * @param violation what does not hold, with the evidence, or null if everything does; nothing happens any more then
 */
public record Sight(
        long micros,
        List<Node> nodes,
        List<Slot> chosen,
        List<Decree> decrees,
        List<Link> links,
        List<Letter> underWay,
        List<Light> lights,
        @Nullable String violation) {

    /** Copies the lists. */
    public Sight {
        nodes = List.copyOf(nodes);
        chosen = List.copyOf(chosen);
        decrees = List.copyOf(decrees);
        links = List.copyOf(links);
        underWay = List.copyOf(underWay);
        lights = List.copyOf(lights);
    }

    /**
     * A node.
     *
     * @param name its name
     * @param up whether it runs
     * @param paused whether it stands still for a while
     * @param role the part it plays in the log, by its own word; {@code DOWN} if it does not run
     * @param ballot the highest ballot that its store has promised, empty if none
     * @param leader the leader that it hears, or null
     * @param decided every slot up to here is decided, as far as it knows; what its store says if it does not run
     * @param applied every slot up to here is executed; 0 if it does not run
     * @param standing what it is in the log, such as {@code VOTER}; empty until it knows
     * @param trouble why it does not count, or has stopped by itself; or null
     * @param log what its store holds of the log
     */
    public record Node(
            String name,
            boolean up,
            boolean paused,
            String role,
            String ballot,
            @Nullable String leader,
            long decided,
            long applied,
            String standing,
            @Nullable String trouble,
            List<Slot> log) {

        /** Copies the list. */
        public Node {
            log = List.copyOf(log);
        }
    }

    /**
     * A slot of the log.
     *
     * @param number counts from 1
     * @param value what was accepted or chosen there, in a few words
     * @param ballot at which ballot, empty if it was learned from somebody who knew the decision
     */
    public record Slot(long number, String value, String ballot) {}

    /**
     * A decree: one decision by name, without a leader and without a log.
     *
     * @param name its name
     * @param chosen the value that is chosen, or null
     * @param nodes what each node's store holds of it, by the names of those that hold anything
     */
    public record Decree(String name, @Nullable String chosen, SortedMap<String, Holding> nodes) {}

    /**
     * What a store holds of a decree.
     *
     * @param promised the highest ballot promised, empty if none
     * @param accepted the value accepted last, or null
     * @param decided whether it is known here to be decided
     */
    public record Holding(String promised, @Nullable String accepted, boolean decided) {}

    /**
     * A link, in one direction, with which something is wrong.
     *
     * @param from the sender's name
     * @param to the addressee's name
     * @param cut whether nothing gets through
     * @param slowMicros how many microseconds longer messages take
     * @param lossPercent how many of a hundred messages are lost
     */
    public record Link(String from, String to, boolean cut, long slowMicros, int lossPercent) {}

    /**
     * Something that must hold at every moment.
     *
     * @param property what, in words
     * @param holds whether it has held so far
     */
    public record Light(String property, boolean holds) {}
}
