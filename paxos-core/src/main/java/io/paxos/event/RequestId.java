// SPDX-License-Identifier: Apache-2.0
package io.paxos.event;

/**
 * The host's handle of one call, by which it finds the future that a {@link Effect.Respond} completes. The host draws
 * each number once.
 *
 * @param number unique within one start of the node
 */
public record RequestId(long number) {}
