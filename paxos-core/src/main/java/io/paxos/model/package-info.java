/**
 * The values that everything else speaks of: identities, ballots, slots, values, memberships.
 *
 * <pre>
 *  Ballot    = round . node . start nonce          never used twice (rule 1)
 *  Endpoint  = node / incarnation of its store     who votes (rule 6)
 *  GroupId   = name # generation                   which log (rule 8)
 *  Proposal  = a Value at a Ballot                 in a slot; Value = Command | OpenSession | Reconfigure | RaiseLevel | NoOp
 * </pre>
 */
@NullMarked
package io.paxos.model;

import org.jspecify.annotations.NullMarked;
