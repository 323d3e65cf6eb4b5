// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.recipes;

import io.paxos.model.Payload;
import io.paxos.node.PaxosNode;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Locks by name, each held for a time that runs by the time of the log, so that all replicas see it end alike. The token
 * of a lock is the slot in which it was given: later ones are higher, of whatever lock. So nothing has to be remembered of
 * a lock that has ended, and what has is dropped whenever one is asked for: names that nobody asks for again take no room.
 */
public final class LockTable implements StateMachine<LockTable.Command, Long> {

    /** The answer to whoever does not get, or does not hold, what it asks about. */
    public static final long NO = 0;

    /** What can be asked for. */
    public enum Kind {
        /** Get a lock that nobody holds. */
        ACQUIRE,
        /** Hold it for longer. */
        RENEW,
        /** Give it back. */
        RELEASE
    }

    /**
     * A command.
     *
     * @param kind what is asked for
     * @param lock which lock, at most {@value #MAX_NAME} characters
     * @param token of who holds it; 0 to acquire
     * @param millis for how long, from now on
     */
    public record Command(Kind kind, String lock, long token, long millis) {

        /** The longest name, in characters: a snapshot has to be able to hold it. */
        public static final int MAX_NAME = 1000;

        /**
         * Checks the name before it gets into the log, where nobody could refuse it any more.
         *
         * @throws IllegalArgumentException if it is too long
         */
        public Command {
            if (lock.length() > MAX_NAME) {
                throw new IllegalArgumentException("the name of a lock has at most " + MAX_NAME
                        + " characters, but this one has " + lock.length() + "; choose a shorter one");
            }
        }

        /** Words with spaces between them, the name last. */
        public static final Codec<Command> CODEC = new Codec<>() {
            @Override
            public Payload encode(Command command) {
                return Payload.utf8(command.kind + " " + command.token + " " + command.millis + " " + command.lock);
            }

            @Override
            public Command decode(Payload payload) {
                String[] words = payload.toUtf8().split(" ", 4);
                if (words.length != 4) {
                    throw new IllegalArgumentException("no command of a lock reads \"" + payload.toUtf8() + "\"");
                }
                return new Command(
                        Kind.valueOf(words[0]), words[3], Long.parseLong(words[1]), Long.parseLong(words[2]));
            }
        };
    }

    private record Holder(long token, long untilMillis) {}

    private record End(long millis, String lock) {}

    private final SortedMap<String, Holder> holders = new TreeMap<>();

    /** When each lock that is in the table ends, the first one first. */
    private final SortedSet<End> ends =
            new TreeSet<>(Comparator.comparingLong(End::millis).thenComparing(End::lock));

    /**
     * This node's replica of a table of locks: to be called once on every node that is to hold it.
     *
     * @param node the node
     * @param name of the table, and of the log behind it
     * @return the log, for any number of {@link DistributedLock}
     * @throws IllegalArgumentException if the name is not one for a log
     * @throws IllegalStateException if the node has a log of that name already
     */
    public static ReplicatedLog<Command, Long, LockTable> on(PaxosNode node, String name) {
        return node.replicate(name, new LockTable(), Command.CODEC, Codec.int64());
    }

    @Override
    public Long apply(ApplyContext context, Command command) {
        long now = context.time().millis();
        while (!ends.isEmpty() && ends.first().millis() <= now) {
            drop(ends.first().lock());
        }
        Holder holder = holders.get(command.lock());
        if (command.kind() == Kind.ACQUIRE) {
            if (holder != null) {
                return NO;
            }
            hold(command.lock(), new Holder(context.slot(), now + command.millis()));
            return context.slot();
        }
        if (holder == null || holder.token() != command.token()) {
            return NO;
        }
        drop(command.lock());
        if (command.kind() == Kind.RENEW) {
            hold(command.lock(), new Holder(holder.token(), now + command.millis()));
        }
        return holder.token();
    }

    private void hold(String lock, Holder holder) {
        holders.put(lock, holder);
        ends.add(new End(holder.untilMillis(), lock));
    }

    private void drop(String lock) {
        Holder holder = holders.remove(lock);
        if (holder != null) {
            ends.remove(new End(holder.untilMillis(), lock));
        }
    }

    @Override
    public Capture capture() {
        List<Map.Entry<String, Holder>> all = new ArrayList<>(holders.entrySet());
        return out -> {
            DataOutputStream data = new DataOutputStream(out);
            data.writeInt(all.size());
            for (Map.Entry<String, Holder> entry : all) {
                data.writeUTF(entry.getKey());
                data.writeLong(entry.getValue().token());
                data.writeLong(entry.getValue().untilMillis());
            }
        };
    }

    @Override
    public void restore(InputStream snapshot) throws IOException {
        DataInputStream data = new DataInputStream(snapshot);
        holders.clear();
        ends.clear();
        for (int left = data.readInt(); left > 0; left--) {
            hold(data.readUTF(), new Holder(data.readLong(), data.readLong()));
        }
    }
}
