// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.testkit.Simulation;
import io.paxos.testkit.SimulationReport;
import io.paxos.testkit.history.HistoryRecorder;
import io.paxos.testkit.history.LinearizabilityChecker;
import io.paxos.testkit.history.MapModel;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What docs/testing.md shows. */
class TestingPageTest {

    @Test
    void aRunOfTheSimulator() {
        SimulationReport report = Simulation.builder(42).events(10_000).run();
        assertThat(report).isNotNull();
    }

    @Test
    void aHistoryIsRecordedAndChecked() {
        var recorder = new HistoryRecorder<MapModel.Call<String, String>, Optional<String>>();
        var call = recorder.invoke("client 1", new MapModel.Put<>("k", "v"));
        call.returned(Optional.empty());
        LinearizabilityChecker.of(new MapModel<String, String>())
                .check(recorder.history())
                .orThrow();
        assertThat(recorder.history().toString()).isNotEmpty();
    }
}
