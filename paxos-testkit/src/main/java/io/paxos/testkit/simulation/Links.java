// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

/**
 * How links behave.
 *
 * @param loss the probability that a message is lost
 * @param duplicate the probability that it is delivered a second time
 * @param leastDelay microseconds that every message takes
 * @param meanDelay microseconds added to that on average, exponentially distributed
 * @param straggle the probability that a message takes very much longer
 * @param inOrder whether a message never overtakes an earlier one of the same link
 */
record Links(double loss, double duplicate, long leastDelay, long meanDelay, double straggle, boolean inOrder) {

    /** When all is well. */
    static final Links CALM = new Links(0, 0, 100, 1_000, 0, false);
}
