// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.Ballot;
import io.paxos.model.GroupId;
import java.util.List;

/**
 * How one node keeps its office in many logs at once that have nothing to do. What a heartbeat says of one log, a pulse
 * says of all that rest with the addressee: the sender lives, and leads them still. Which these are, sender and addressee
 * know from the turns that were told before, each of which has its number in a stream; a pulse carries all that have not
 * been acknowledged, so that whoever has taken it in knows what the sender knew when it sent it.
 */
public sealed interface PulseMessage extends Message permits PulseMessage.Pulse, PulseMessage.Answer {

    @Override
    default boolean isBulk() {
        return false;
    }

    @Override
    default boolean isOpen() {
        return false;
    }

    /**
     * A log goes to rest, or rests no more.
     *
     * @param group the log
     * @param ballot the ballot at which the sender leads it, or led it
     * @param decided every slot up to here is decided, and nothing is proposed beyond
     * @param rests true if from now on pulses stand for its heartbeats
     */
    record Turn(GroupId group, Ballot ballot, long decided, boolean rests) {}

    /**
     * The sender is alive, and leads the logs that rest.
     *
     * @param stream numbers the streams of turns from this start of the sender to the addressee; a later one begins anew,
     *     and nothing rests in it at first
     * @param first the number of the first of the turns, or of the next one if there are none; numbers count from 1
     * @param turns what has not been acknowledged, in its order; a first part of it if that is much
     */
    record Pulse(long stream, long first, List<Turn> turns) implements PulseMessage {
        /** Copies the list. */
        public Pulse {
            turns = List.copyOf(turns);
        }

        @Override
        public int weight() {
            int sum = 128;
            for (Turn turn : turns) {
                sum += 128 + turn.group().name().length();
            }
            return sum;
        }
    }

    /**
     * A pulse was heard.
     *
     * @param stream the stream of the pulse
     * @param upTo all turns up to this number have been taken in, 0 for none
     * @param awake the logs that do not rest at the sender, though by the turns taken in they should: it has something to
     *     do there, or lacks something
     */
    record Answer(long stream, long upTo, List<GroupId> awake) implements PulseMessage {
        /** Copies the list. */
        public Answer {
            awake = List.copyOf(awake);
        }

        @Override
        public int weight() {
            int sum = 128;
            for (GroupId group : awake) {
                sum += 64 + group.name().length();
            }
            return sum;
        }
    }
}
