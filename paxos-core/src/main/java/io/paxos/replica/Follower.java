// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

/** Answers, learns and waits; an observer is a follower that never votes. */
record Follower() implements Role {}
