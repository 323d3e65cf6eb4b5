// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

/**
 * How much waits inside a node, at about one moment: the numbers are read one after another while the node goes on, so
 * they need not fit together to the last one.
 *
 * @param pendingCalls how many calls of this node's callers wait for their answer
 * @param queuedCalls how many of them have not been taken in by the node's loop yet
 * @param queuedVotes how many small messages of peers the loop has not taken in yet: votes, heartbeats, questions
 * @param queuedBulk how many messages of peers that carry values the loop has not taken in yet
 * @param storeBytes about how many bytes wait for the writer to take them to the store
 * @param droppedMessages how many messages of peers were dropped since the start, for want of room in the loop's queues
 */
public record NodeLoad(
        int pendingCalls, int queuedCalls, int queuedVotes, int queuedBulk, long storeBytes, long droppedMessages) {}
