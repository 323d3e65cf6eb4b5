// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

import io.paxos.model.CommandId;
import io.paxos.model.LogTime;

/**
 * What a state machine may know besides the command: all of it is the same on every replica (rule 12).
 *
 * @param slot the slot of the command, greater than that of the command before
 * @param time the log's time: never less than at the command before
 * @param id the identity of the command
 */
public record ApplyContext(long slot, LogTime time, CommandId id) {}
