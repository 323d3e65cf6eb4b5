// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import java.util.HashMap;
import java.util.Map;

/** Writes a history by hand: what begins and what ends, one after the other. Calls go by names. */
final class Script<I, O> {

    private final HistoryRecorder<I, O> recorder = new HistoryRecorder<>(() -> 0);
    private final Map<String, HistoryRecorder<I, O>.Invocation> calls = new HashMap<>();

    Script<I, O> begin(String call, I input) {
        calls.put(call, recorder.invoke(call, input));
        return this;
    }

    Script<I, O> end(String call, O answer) {
        named(call).returned(answer);
        return this;
    }

    Script<I, O> unknown(String call) {
        named(call).unknown();
        return this;
    }

    Script<I, O> refused(String call) {
        named(call).refused();
        return this;
    }

    /** A call while nothing else begins or ends. */
    Script<I, O> alone(I input, O answer) {
        recorder.invoke("alone", input).returned(answer);
        return this;
    }

    History<I, O> history() {
        return recorder.history();
    }

    private HistoryRecorder<I, O>.Invocation named(String call) {
        HistoryRecorder<I, O>.Invocation invocation = calls.get(call);
        if (invocation == null) {
            throw new IllegalArgumentException(call + " has not begun");
        }
        return invocation;
    }
}
