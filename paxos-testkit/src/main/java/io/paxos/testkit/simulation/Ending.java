// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

/** How a run ends, after the storm. */
public enum Ending {
    /** Nearly everything is healed: at most a minority stays down, or some links stay cut. */
    CALM,
    /** A quorum is healed, and everything outside it stays broken for good: dead, or connected one way only. */
    CORE
}
