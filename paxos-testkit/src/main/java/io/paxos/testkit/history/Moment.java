// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

/**
 * When something was recorded.
 *
 * @param order its place among all that was recorded; no two have the same, and this alone decides what came first
 * @param nanos the time by the recorder's clock, in nanoseconds; only shown to people
 */
public record Moment(long order, long nanos) {}
