// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Freshness;
import io.paxos.model.SlotToken;
import java.time.Duration;
import java.util.Objects;

/**
 * What a read of a replicated log guarantees, chosen for each read. From the strongest to the weakest; those that promise
 * the same differ in what they cost.
 */
public sealed interface Consistency {

    /**
     * Everything is in it that was acknowledged to anyone before the call. Any node answers; a quorum is asked, many reads
     * at a time, and no clock is trusted (rule 13).
     *
     * @return the guarantee of {@link ReplicatedLog#read(java.util.function.Function)}
     */
    static Consistency linearizable() {
        return new Linearizable();
    }

    /**
     * The same guarantee, without asking anyone where this node leads and holds a lease (rule 14); elsewhere, and while
     * it does not hold one, a quorum is asked. It trusts that clocks differ by no more than was said to
     * {@link PaxosNodeBuilder#leaderLease}; machines that stop their clocks, as some do that are suspended or moved while
     * they run, must not use it.
     *
     * @return the guarantee
     */
    static Consistency lease() {
        return new Lease();
    }

    /**
     * Everything is in it that whoever gave the token has seen: one's own writes, and what one has read before, at
     * whatever node. Nobody is asked; it waits until this node has come as far.
     *
     * @param token from {@link Reading#token()}, of the log that is read
     * @return the guarantee
     */
    static Consistency atLeast(SlotToken token) {
        return new AtLeast(Objects.requireNonNull(token, "token"));
    }

    /**
     * Everything is in it that was acknowledged to anyone longer ago than so much, by this node's own monotonic clock. A
     * quorum is asked only when what it last told is older; where none answers before the deadline, the read is refused
     * as {@code STALE}.
     *
     * @param age how old it may be; nothing or more
     * @return the guarantee
     * @throws IllegalArgumentException if the age is negative
     */
    static Consistency boundedBy(Duration age) {
        return new Bounded(age);
    }

    /**
     * What this node has executed so far, which may be long behind.
     *
     * @return the guarantee of {@link ReplicatedLog#readLocal}
     */
    static Consistency local() {
        return new Local();
    }

    /** See {@link #linearizable}. */
    record Linearizable() implements Consistency {}

    /** See {@link #lease}. */
    record Lease() implements Consistency {}

    /**
     * See {@link #atLeast}.
     *
     * @param token how far
     */
    record AtLeast(SlotToken token) implements Consistency {}

    /**
     * See {@link #boundedBy}.
     *
     * @param age how old it may be
     */
    record Bounded(Duration age) implements Consistency {
        /** Checks the age. */
        public Bounded {
            if (age.isNegative()) {
                throw new IllegalArgumentException("what is read can be no younger than now, but the age is " + age);
            }
        }
    }

    /** See {@link #local}. */
    record Local() implements Consistency {}

    /** What the machine is asked for; not for local reads, which ask nothing of it. */
    private static Freshness freshness(Consistency how, long nanos) {
        if (how instanceof Lease) {
            return new Freshness.UnderLease(nanos);
        }
        if (how instanceof AtLeast least) {
            return new Freshness.AtLeast(least.token().slot());
        }
        if (how instanceof Bounded bounded) {
            return new Freshness.MarkedSince(nanos - nanosOf(bounded.age()));
        }
        return Freshness.ACKNOWLEDGED;
    }

    private static long nanosOf(Duration age) {
        Duration most = Duration.ofNanos(Long.MAX_VALUE / 2);
        return age.compareTo(most) > 0 ? most.toNanos() : age.toNanos();
    }

    /**
     * What this guarantee asks of the machine at a moment.
     *
     * @param nanos the monotonic clock of this node, read during the call
     * @return the freshness; of a local read, as if it were linearizable
     */
    default Freshness at(long nanos) {
        return freshness(this, nanos);
    }
}
