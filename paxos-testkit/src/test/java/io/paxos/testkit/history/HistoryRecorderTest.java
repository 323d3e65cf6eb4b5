// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.testkit.history.Operation.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HistoryRecorderTest {

    @Test
    void whatNeverEndsIsUnknown() {
        HistoryRecorder<String, String> recorder = new HistoryRecorder<>();
        recorder.invoke("a", "never ends");
        recorder.invoke("b", "ends").returned("so");
        recorder.invoke("c", "unknown").unknown();
        recorder.invoke("d", "refused").refused();

        History<String, String> history = recorder.history();

        assertThat(history.operations())
                .extracting(Operation::ending)
                .containsExactly(Ending.UNKNOWN, Ending.RETURNED, Ending.UNKNOWN, Ending.REFUSED);
        assertThat(history.operations().get(0).ended()).isNull();
        assertThat(history.count(Ending.UNKNOWN)).isEqualTo(2);
    }

    @Test
    void aCallEndsOnce() {
        HistoryRecorder<String, String> recorder = new HistoryRecorder<>();
        HistoryRecorder<String, String>.Invocation call = recorder.invoke("a", "ask");
        call.unknown();

        assertThatThrownBy(() -> call.returned("late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ask")
                .hasMessageContaining("record each call once");
    }

    @Test
    void anAnswerWithoutAReturnIsRefused() {
        Moment moment = new Moment(0, 0);
        assertThatThrownBy(() -> new Operation<>("a", "ask", moment, Ending.UNKNOWN, moment, "answer"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ask");
        assertThatThrownBy(() -> new Operation<String, String>("a", "ask", moment, Ending.RETURNED, moment, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void manyThreadsRecordACorrectCounter() throws Exception {
        HistoryRecorder<CounterModel.Call, Long> recorder = new HistoryRecorder<>();
        AtomicLong counter = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int client = 0; client < 6; client++) {
                String name = "c" + client;
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 3_000; i++) {
                        recorder.invoke(name, new CounterModel.Add(1)).returned(counter.incrementAndGet());
                        recorder.invoke(name, new CounterModel.Get()).returned(counter.get());
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }

        History<CounterModel.Call, Long> history = recorder.history();

        assertThat(history.operations()).hasSize(36_000);
        LinearizabilityChecker.of(new CounterModel()).check(history).orThrow();
    }
}
