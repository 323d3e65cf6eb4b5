// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.coverage.Coverage;

/**
 * What a run came to.
 *
 * @param scenario what was drawn, in words
 * @param events how many events happened, the calm at the end included
 * @param virtualMicros how much virtual time went by
 * @param calmMicros how much of it the cluster needed, after the faults had stopped, until everything was answered
 *     and every replica stood at the same slot
 * @param traceHash a hash over everything that happened
 * @param coverage what was met
 */
public record Result(
        String scenario, long events, long virtualMicros, long calmMicros, long traceHash, Coverage coverage) {}
