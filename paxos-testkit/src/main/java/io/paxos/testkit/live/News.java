// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.live;

/**
 * Something that happened, in words.
 *
 * @param micros when, in microseconds of virtual time
 * @param node where, or empty if at no node in particular
 * @param kind what kind of thing
 * @param text what, without the node
 */
public record News(long micros, String node, Kind kind, String text) {

    /** What kind of thing happened. */
    public enum Kind {
        /** Something was done to the cluster from outside, or would have been if nothing had stood in its way. */
        DONE,
        /** A node starts or stops. */
        LIFE,
        /** A node plays another part from now on. */
        ROLE,
        /** Something has become durable. */
        STORE,
        /** A phase-2 quorum has durably accepted a value; only the observer of the simulation knows that at once. */
        CHOSEN,
        /** A node executes what it knows to be decided. */
        APPLY,
        /** A caller asks, or hears an answer. */
        CALLER,
        /** Something that must hold does not. */
        VIOLATION
    }
}
