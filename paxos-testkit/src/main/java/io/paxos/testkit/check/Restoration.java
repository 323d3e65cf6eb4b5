// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

/**
 * What putting a snapshot in the place of what was executed came to.
 *
 * @param before the last slot that the replica had executed
 * @param slot the last slot that it stands at now
 * @param commands how many commands the state says it has executed
 * @param digest the digest of those commands that the state carries; see {@link Execution#digest}
 */
public record Restoration(long before, long slot, long commands, long digest) {}
