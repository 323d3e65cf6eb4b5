// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

/** A counter, 0 at first. Every call is answered with what it stands at after it. */
public final class CounterModel implements Model<Long, CounterModel.Call, Long> {

    /** What can be asked. */
    public sealed interface Call {}

    /**
     * Goes on by some.
     *
     * @param amount how many, also fewer than none
     */
    public record Add(long amount) implements Call {}

    /** Asks where it stands. */
    public record Get() implements Call {}

    /** A counter that stands at 0 at first. */
    public CounterModel() {}

    @Override
    public Long initial() {
        return 0L;
    }

    @Override
    public Step<Long, Long> apply(Long state, Call input) {
        Long next = input instanceof Add add ? Long.valueOf(state + add.amount()) : state;
        return new Step<>(next, next);
    }

    @Override
    public boolean isRead(Call input) {
        return input instanceof Get;
    }
}
