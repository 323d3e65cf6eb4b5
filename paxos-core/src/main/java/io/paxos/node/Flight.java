// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.Ballot;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;

/**
 * What is told to the flight recorder of the JDK, where there is one and it records: what took how long, from when on.
 * Each span is begun before and ended after, for the recorder takes the time itself. Safe for any thread; a span may be
 * ended by another thread than the one that began it.
 */
interface Flight {

    /** A candidacy. */
    interface Candidacy {

        /** It has ended. */
        void ended(NodeId node, GroupId group, Ballot ballot, boolean won);
    }

    /** A batch of writes, on its way to the store and back. */
    interface Writing {

        /** It has returned. */
        void ended(NodeId node, int writes, boolean failed);
    }

    /** A force of the store's journal. */
    interface Forcing {

        /** It has returned. */
        void ended(NodeId node);
    }

    /** Slots that are executed one after another. */
    interface Applying {

        /** They have been. */
        void ended(NodeId node, GroupId group, long first, int slots);
    }

    Candidacy beginCandidacy();

    Writing beginWriting();

    Forcing beginForcing();

    Applying beginApplying();

    /**
     * The flight recorder of this runtime. Modules bring it along, but a program on the class path may run on an image
     * that was linked without it.
     */
    static Flight ofRuntime() {
        return ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? new RecordedFlight() : new UnrecordedFlight();
    }
}
