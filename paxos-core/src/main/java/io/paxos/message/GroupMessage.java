// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.GroupId;

/**
 * What is said within one replicated log.
 *
 * @param group the log spoken of
 * @param body the message
 */
public record GroupMessage(GroupId group, LogMessage body) implements Bundle.Part {

    @Override
    public GroupId subject() {
        return group;
    }

    @Override
    public boolean isBulk() {
        return body.isBulk();
    }

    @Override
    public boolean isOpen() {
        return body.isOpen();
    }

    @Override
    public int weight() {
        return 64 + group.name().length() + body.weight();
    }

    @Override
    public String toString() {
        return group + ":" + body;
    }
}
