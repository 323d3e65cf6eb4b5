// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.roles;

import java.util.List;

/**
 * Who said what to whom, in the order in which it happened.
 *
 * @param participants everyone who takes part, from left to right
 * @param steps what happened
 */
record MessageSequence(List<String> participants, List<Step> steps) {

    MessageSequence {
        participants = List.copyOf(participants);
        steps = List.copyOf(steps);
    }

    /** One thing that happened. */
    sealed interface Step {}

    /** A message that arrived. */
    record Arrow(String from, String to, String label) implements Step {}

    /** A message that the network lost. */
    record Loss(String from, String to, String label) implements Step {}

    /** What a participant makes of it. */
    record Note(String at, String text) implements Step {}

    /** The start of a new act. */
    record Heading(String text) implements Step {}
}
