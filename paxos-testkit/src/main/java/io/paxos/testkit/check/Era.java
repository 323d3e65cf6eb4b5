// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.model.Configuration;

/**
 * A configuration of a log with the first slot that it governs, as the observer finds it out from what is chosen.
 *
 * @param from the first slot
 * @param configuration who belongs to the log
 * @param constituency how its votes are counted
 */
public record Era(long from, Configuration configuration, Constituency constituency) {}
