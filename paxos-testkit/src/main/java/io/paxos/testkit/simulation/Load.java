// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

/**
 * What callers ask for.
 *
 * @param meanInterval microseconds between two calls, on average
 * @param contended how many decree names everyone fights for
 * @param fresh the share of decree calls about a name of their own
 * @param decrees the share of calls that are about decrees, the rest being about logs
 * @param reads the share of calls about logs that are reads
 * @param longest the largest command in bytes, sometimes drawn; commands are short otherwise
 * @param impatient the share of calls with hardly any time
 * @param meanApply microseconds that executing an Apply takes on average
 */
record Load(
        long meanInterval,
        int contended,
        double fresh,
        double decrees,
        double reads,
        int longest,
        double impatient,
        long meanApply) {}
