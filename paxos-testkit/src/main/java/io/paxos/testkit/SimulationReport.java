// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import io.paxos.testkit.coverage.Coverage;

/**
 * What a run came to in which every property held.
 *
 * @param seed the seed
 * @param scenario what the seed drew, in words
 * @param events how many events happened, the calm at the end included
 * @param virtualMillis how much virtual time went by
 * @param calmMillis how much virtual time the cluster needed, after the faults had stopped, until every call was
 *     answered and every replica stood at the same slot
 * @param traceHash a hash over everything that happened; the same for the same seed, on every machine
 * @param coverage the faults and situations that were met
 */
public record SimulationReport(
        long seed,
        String scenario,
        long events,
        long virtualMillis,
        long calmMillis,
        long traceHash,
        Coverage coverage) {}
