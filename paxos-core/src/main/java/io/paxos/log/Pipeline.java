// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import io.paxos.model.LogTime;
import io.paxos.model.Value;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values that wait at a leader for a slot, bounded in count and bytes. A value that already waits or is in flight is
 * not taken again: callers that hear nothing ask again, and a second slot for the same command would only be skipped
 * when it is executed. Not safe for use by several threads.
 */
public final class Pipeline {

    private final int maxCount;
    private final long maxBytes;
    private final Queue<Value> waiting = new ArrayDeque<>();
    private final CommandIds knownCommands = new CommandIds();
    private final Set<Value> knownOthers = new HashSet<>();
    private long bytes;

    /**
     * An empty pipeline.
     *
     * @param maxCount how many values may wait
     * @param maxBytes how much they may weigh together before no more is taken
     */
    public Pipeline(int maxCount, long maxBytes) {
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
    }

    /**
     * Takes a value in.
     *
     * @param value the value
     * @return false if there is no room for it; true if it waits now, or did already
     */
    public boolean offer(Value value) {
        if (isKnown(value)) {
            return true;
        }
        if (!hasRoom()) {
            return false;
        }
        if (value instanceof Value.Command command) {
            knownCommands.add(command.id());
        } else {
            knownOthers.add(identity(value));
        }
        waiting.add(value);
        bytes += value.weight();
        return true;
    }

    private boolean isKnown(Value value) {
        return value instanceof Value.Command command
                ? knownCommands.contains(command.id())
                : knownOthers.contains(identity(value));
    }

    /**
     * Whether a value that is not known yet would be taken.
     *
     * @return true if there is room for one more
     */
    public boolean hasRoom() {
        return waiting.isEmpty() || (waiting.size() < maxCount && bytes < maxBytes);
    }

    /**
     * The value that has waited longest, without taking it out.
     *
     * @return the value, or null if none waits
     */
    public @Nullable Value peek() {
        return waiting.peek();
    }

    /**
     * Takes out the value that has waited longest. It stays known until {@link #decided}.
     *
     * @param now the time that the leader writes beside it
     * @return the value with its time, or null if none waits
     */
    public @Nullable Value poll(LogTime now) {
        Value value = waiting.poll();
        if (value == null) {
            return null;
        }
        bytes -= value.weight();
        return stamped(value, now);
    }

    /**
     * A value proposed here is decided; should it be offered again, it is taken again.
     *
     * @param value the value
     */
    public void decided(Value value) {
        if (value instanceof Value.Command command) {
            knownCommands.remove(command.id());
        } else {
            knownOthers.remove(identity(value));
        }
    }

    private static Value stamped(Value value, LogTime now) {
        if (value instanceof Value.Command command) {
            return command.time().equals(now)
                    ? command
                    : new Value.Command(command.id(), command.floor(), now, command.payload());
        }
        if (value instanceof Value.OpenSession open) {
            return new Value.OpenSession(open.opener(), open.start(), now);
        }
        return value;
    }

    private static Value identity(Value value) {
        return value instanceof Value.OpenSession open
                ? new Value.OpenSession(open.opener(), open.start(), LogTime.ZERO)
                : value;
    }
}
