// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.Ballot;

/**
 * What must hold after every step, cheap enough to be checked in production before anything leaves: promises never go
 * back, what is decided stays decided, and nobody proposes below its own promise.
 */
final class Invariants {

    private Ballot promised;
    private long decided;

    Invariants(Ballot promised, long decided) {
        this.promised = promised;
        this.decided = decided;
    }

    void check(Ballot promisedNow, long decidedNow, Role role) {
        if (promisedNow.compareTo(promised) < 0) {
            throw new IllegalStateException("the promise went back from " + promised + " to " + promisedNow);
        }
        if (decidedNow < decided) {
            throw new IllegalStateException("decided went back from slot " + decided + " to " + decidedNow);
        }
        if (role instanceof Leader leader) {
            if (leader.ballot().compareTo(promisedNow) < 0) {
                throw new IllegalStateException(
                        "leads at " + leader.ballot() + " after promising " + promisedNow + " to another");
            }
            if (leader.chosenUpTo() < decidedNow) {
                throw new IllegalStateException("as leader decided slot " + decidedNow
                        + " but its ballot chose only up to " + leader.chosenUpTo());
            }
        }
        promised = promisedNow;
        decided = decidedNow;
    }
}
