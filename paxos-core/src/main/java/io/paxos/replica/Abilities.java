// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import org.jspecify.annotations.Nullable;

/** What the nodes of a cluster have said they support, as a log needs to know it. */
interface Abilities {

    /** Where all nodes are known to run this very version. */
    Abilities ALIKE = new Abilities() {
        @Override
        public FeatureLevel of(Endpoint node) {
            return FeatureLevel.LATEST;
        }

        @Override
        public boolean areObserversHeard() {
            return true;
        }
    };

    /** The feature level that a node supports, or null if it has not said. */
    @Nullable
    FeatureLevel of(Endpoint node);

    /** Whether everybody who only learns has had the time to be heard since this node started. */
    boolean areObserversHeard();
}
