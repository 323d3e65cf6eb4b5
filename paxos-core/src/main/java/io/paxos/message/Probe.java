// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

/**
 * Marks a question so that its answer can be told from answers to older ones.
 *
 * @param start the nonce of the asking node's start
 * @param count counts the questions of that start
 */
public record Probe(long start, long count) {}
