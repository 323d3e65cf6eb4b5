// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.Proposal;
import io.paxos.model.Value;

/**
 * What an acceptor has accepted in one slot.
 *
 * @param slot the slot
 * @param proposal the highest-ballot proposal accepted there
 */
public record SlotProposal(long slot, Proposal<Value> proposal) {

    @Override
    public String toString() {
        return slot + "=" + proposal;
    }
}
