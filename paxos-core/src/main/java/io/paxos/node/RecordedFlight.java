// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import jdk.jfr.EventType;

/** Whoever runs a recording decides what is recorded; what is not costs neither an object nor a clock. */
final class RecordedFlight implements Flight {

    private final EventType elections = EventType.getEventType(ElectionEvent.class);
    private final EventType writes = EventType.getEventType(SlowWriteEvent.class);
    private final EventType forces = EventType.getEventType(SlowForceEvent.class);
    private final EventType applies = EventType.getEventType(SlowApplyEvent.class);

    @Override
    public Candidacy beginCandidacy() {
        if (!elections.isEnabled()) {
            return UnrecordedFlight.CANDIDACY;
        }
        ElectionEvent event = new ElectionEvent();
        event.begin();
        return event;
    }

    @Override
    public Writing beginWriting() {
        if (!writes.isEnabled()) {
            return UnrecordedFlight.WRITING;
        }
        SlowWriteEvent event = new SlowWriteEvent();
        event.begin();
        return event;
    }

    @Override
    public Forcing beginForcing() {
        if (!forces.isEnabled()) {
            return UnrecordedFlight.FORCING;
        }
        SlowForceEvent event = new SlowForceEvent();
        event.begin();
        return event;
    }

    @Override
    public Applying beginApplying() {
        if (!applies.isEnabled()) {
            return UnrecordedFlight.APPLYING;
        }
        SlowApplyEvent event = new SlowApplyEvent();
        event.begin();
        return event;
    }
}
