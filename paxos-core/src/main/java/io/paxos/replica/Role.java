// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

/** The part a replica plays. A role's state lives and dies with its object. */
sealed interface Role permits Follower, Candidate, Leader {}
