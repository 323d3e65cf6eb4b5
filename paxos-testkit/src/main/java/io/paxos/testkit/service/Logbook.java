// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import io.paxos.event.Outcome;
import io.paxos.spi.Codec;
import io.paxos.testkit.history.History;
import io.paxos.testkit.history.HistoryRecorder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the clients of one run asked for and heard. */
final class Logbook<C, R> {

    private static final long NANOS_PER_MICRO = 1_000;

    private final Codec<R> results;
    private final List<Operation<C, R>> all = new ArrayList<>();
    private final List<Operation<C, R>> view = Collections.unmodifiableList(all);
    private final Map<Integer, List<Integer>> ofClient = new HashMap<>();
    private final Map<Long, Integer> ofCall = new HashMap<>();
    private final HistoryRecorder<C, R> recorder = new HistoryRecorder<>(() -> latest() * NANOS_PER_MICRO);
    private final Map<Long, HistoryRecorder<C, R>.Invocation> invocations = new HashMap<>();
    private long latest;

    Logbook(Codec<R> results) {
        this.results = results;
    }

    void asked(long call, int client, String node, C command, long micros) {
        ofCall.put(call, all.size());
        ofClient.computeIfAbsent(client, c -> new ArrayList<>()).add(all.size());
        all.add(new Operation<>(client, node, command, micros, null, Long.MAX_VALUE));
        latest = micros;
        invocations.put(call, recorder.invoke("client " + client + " at " + node, command));
    }

    void answered(long call, Outcome outcome, long micros) {
        Integer at = ofCall.remove(call);
        if (at != null) {
            Operation<C, R> open = all.get(at);
            Answer<R> answer = answer(outcome);
            latest = micros;
            record(invocations.remove(call), answer);
            all.set(
                    at,
                    new Operation<>(open.client(), open.node(), open.command(), open.invokedMicros(), answer, micros));
        }
    }

    private long latest() {
        return latest;
    }

    private void record(HistoryRecorder<C, R>.@Nullable Invocation invocation, Answer<R> answer) {
        if (invocation == null) {
            return;
        }
        if (answer instanceof Answer.Applied<R> applied) {
            invocation.returned(applied.result());
        } else if (answer instanceof Answer.Refused<R>) {
            invocation.refused();
        }
    }

    /** The same, to be held against a model; what is unknown may have happened at any time, for ever. */
    History<C, R> history() {
        return recorder.history();
    }

    private Answer<R> answer(Outcome outcome) {
        if (outcome instanceof Outcome.Applied applied) {
            return new Answer.Applied<>(results.decode(applied.result()), applied.slot());
        }
        return outcome instanceof Outcome.Refused refused
                ? new Answer.Refused<>(refused.reason() + ": " + refused.detail())
                : new Answer.Unknown<>(outcome instanceof Outcome.Unknown unknown ? unknown.detail() : "" + outcome);
    }

    List<Operation<C, R>> all() {
        return view;
    }

    long applied() {
        return all.stream()
                .filter(operation -> operation.answer() instanceof Answer.Applied<R>)
                .count();
    }

    Client<C, R> client(int number) {
        return new Client<>() {
            @Override
            public int number() {
                return number;
            }

            @Override
            public List<Operation<C, R>> history() {
                return ofClient.getOrDefault(number, List.of()).stream()
                        .map(all::get)
                        .toList();
            }
        };
    }
}
