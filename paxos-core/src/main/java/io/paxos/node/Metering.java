// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The meters attached to a node. Safe for any thread. */
final class Metering {

    private static final Logger LOG = LoggerFactory.getLogger(PaxosNode.class);

    /** Replaced, never changed. */
    private volatile List<NodeMeter> meters = List.of();

    /** Lets a meter hear what happens from now on. */
    synchronized void attach(NodeMeter meter) {
        List<NodeMeter> more = new ArrayList<>(meters);
        more.add(meter);
        meters = List.copyOf(more);
    }

    /** Lets a meter hear nothing any more, but what another thread is telling it right now. */
    synchronized void detach(NodeMeter meter) {
        List<NodeMeter> fewer = new ArrayList<>(meters);
        fewer.removeIf(each -> each == meter);
        meters = List.copyOf(fewer);
    }

    /** Whether there is anybody to measure for: to be asked before a clock is read or anything is made. */
    boolean isOn() {
        return !meters.isEmpty();
    }

    /** Tells every meter; to be called only if {@link #isOn}, for the sake of what the caller makes. */
    void tell(Consumer<NodeMeter> news) {
        for (NodeMeter meter : meters) {
            try {
                news.accept(meter);
            } catch (RuntimeException | Error e) {
                LOG.error("a meter threw and is taken off the node, which is not affected by that", e);
                detach(meter);
            }
        }
    }
}
