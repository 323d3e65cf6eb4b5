// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.NodeId;

/**
 * With what a node is watched: the meters that a service attaches, and the flight recorder.
 *
 * @param node whose instruments they are
 */
record Instruments(NodeId node, Metering metering, Flight flight) {

    /** Those of a node that begins now; no meter is attached yet. */
    static Instruments of(NodeId node) {
        return new Instruments(node, new Metering(), Flight.ofRuntime());
    }
}
