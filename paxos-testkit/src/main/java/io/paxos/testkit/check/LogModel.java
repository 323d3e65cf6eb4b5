// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.model.GroupId;
import io.paxos.testkit.history.Model;
import io.paxos.testkit.history.Step;

/**
 * What those see who use a log, whatever is in it: each command is told its number in the sequence of all, and each read
 * how many there are. Every log is a part of its own.
 */
final class LogModel implements Model<Long, LogModel.Input, Long> {

    /** What can be asked. */
    sealed interface Input {

        /** Of which log. */
        GroupId group();
    }

    /** To add a command. All of them look alike, for a caller that hears nothing does not know which number it got. */
    record Append(GroupId group) implements Input {}

    /** To wait for everything acknowledged before, and then to look. */
    record Look(GroupId group) implements Input {}

    @Override
    public Long initial() {
        return 0L;
    }

    @Override
    public Step<Long, Long> apply(Long state, Input input) {
        Long next = input instanceof Append ? Long.valueOf(state + 1) : state;
        return new Step<>(next, next);
    }

    @Override
    public boolean isRead(Input input) {
        return input instanceof Look;
    }

    @Override
    public Object part(Input input) {
        return input.group();
    }
}
