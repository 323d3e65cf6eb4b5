/** The values every other package speaks in: identities, ballots, slots, proposals and memberships. */
@NullMarked
package io.paxos.model;

import org.jspecify.annotations.NullMarked;
