// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be taken in by one thread, put there by any. Order is kept; what differs is the room: each kind of item
 * has its own, so that a flood of values takes no place from votes and heartbeats, and callers at this node take none
 * from its peers (rule 18). Putting in never blocks.
 *
 * @param <T> what waits
 */
final class Mailbox<T> {

    /** Which room an item takes. */
    enum Lane {
        /** Small messages of peers: votes, heartbeats, questions. */
        VOTES,
        /** Messages of peers that carry values. */
        BULK,
        /** Calls of this node's callers. */
        CALLS,
        /** What this node reports to itself. Always let in: there is never more of it than of what it reports on. */
        REPORTS
    }

    private record Item<T>(T content, @Nullable Room room, int weight) {}

    private final Queue<Item<T>> items = new ConcurrentLinkedQueue<>();
    private final Room votes;
    private final Room bulk;
    private final Room calls;

    Mailbox(Room votes, Room bulk, Room calls) {
        this.votes = votes;
        this.bulk = bulk;
        this.calls = calls;
    }

    /** A mailbox as large as a node's limits say. */
    static <T> Mailbox<T> within(Limits limits) {
        return new Mailbox<>(
                new Room(limits.mailboxMessages(), Math.max(1, limits.mailboxBytes() / 2)),
                new Room(limits.mailboxMessages(), limits.mailboxBytes()),
                new Room(limits.queueCommands(), limits.queueBytes()));
    }

    /** Puts an item in unless its lane is full. */
    boolean offer(Lane lane, T content, int weight) {
        Room room = room(lane);
        if (room != null && !room.enter(weight)) {
            return false;
        }
        items.add(new Item<>(content, room, weight));
        return true;
    }

    /** Takes the oldest item out, or null. To be called by one thread at a time. */
    @Nullable
    T poll() {
        Item<T> item = items.poll();
        if (item == null) {
            return null;
        }
        if (item.room() != null) {
            item.room().leave(item.weight());
        }
        return item.content();
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    /** How many items of a lane wait; of one that is always let in, 0. */
    int waiting(Lane lane) {
        Room room = room(lane);
        return room == null ? 0 : room.count();
    }

    /** How full a lane is, in words. */
    String fill(Lane lane) {
        Room room = room(lane);
        return room == null ? "unbounded" : room.toString();
    }

    private @Nullable Room room(Lane lane) {
        return switch (lane) {
            case VOTES -> votes;
            case BULK -> bulk;
            case CALLS -> calls;
            case REPORTS -> null;
        };
    }
}
