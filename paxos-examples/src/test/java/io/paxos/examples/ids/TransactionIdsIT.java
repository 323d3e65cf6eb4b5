// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.Directories;
import io.paxos.examples.JarProcess;
import io.paxos.examples.Poll;
import io.paxos.testkit.history.CounterModel;
import io.paxos.testkit.history.HistoryRecorder;
import io.paxos.testkit.history.LinearizabilityChecker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All servers, and all clients with them, die by {@code kill -9} at once, again and again; the IDs go on. */
class TransactionIdsIT {

    private static final int KILLS = 3;
    private static final int ENOUGH = 300;
    private static final int IDS_OF_THE_LAST_RUN = 500;
    private static final int CLIENTS = 24;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory = Directories.empty(Path.of(System.getProperty("examples.logs"), "transaction-ids"));
    private final Path log = directory.resolve("log");
    private final Path data = directory.resolve("data");
    private final Path notes = data.resolve("clients.txt");
    private final Poll poll = new Poll();
    private final HistoryRecorder<CounterModel.Call, Long> recorder = new HistoryRecorder<>();

    @AfterEach
    void close() {
        poll.close();
    }

    @Test
    void noIdIsHandedOutTwiceThoughAllServersAreKilledAtOnce() throws Exception {
        try (JarProcess endless = run("--ids", "1000000000", "--kills", "0")) {
            for (int kill = 0; kill < KILLS; kill++) {
                long before = noted();
                endless.start();
                poll.until(ENOUGH + " IDs", PATIENCE, () -> {
                    if (!endless.isAlive()) {
                        throw new AssertionError("ended by itself:\n" + endless.log());
                    }
                    return Optional.of(noted()).filter(now -> now >= before + ENOUGH);
                });
                endless.kill();
                record(before, CLIENTS);
            }
        }
        long beforeTheLast = noted();
        try (JarProcess last = run("--ids", Integer.toString(IDS_OF_THE_LAST_RUN), "--kills", "1")) {
            last.start();

            assertThat(last.await(PATIENCE)).as(last::log).isZero();
            assertThat(last.log())
                    .contains(IDS_OF_THE_LAST_RUN + ", duplicates 0, gaps 0, leader kills 1")
                    .contains("IDs in earlier runs");
        }
        List<String> ids = Files.readAllLines(notes);
        assertThat(ids).doesNotHaveDuplicates().hasSize((int) beforeTheLast + IDS_OF_THE_LAST_RUN);
        record(beforeTheLast, 0);
        LinearizabilityChecker.of(new CounterModel()).check(recorder.history()).orThrow();
    }

    /**
     * What the clients of one run noted, as a history. When they asked died with them: it may have been as early as the run
     * began, but not before; each of those that were killed may have left one request behind, which counts or not.
     *
     * @param before how many IDs were noted before that run
     * @param killed how many clients were killed at its end
     */
    private void record(long before, int killed) throws IOException {
        List<String> noted = Files.readAllLines(notes);
        List<String> ids = noted.subList((int) before, noted.size());
        CounterModel.Call one = new CounterModel.Add(1);
        List<HistoryRecorder<CounterModel.Call, Long>.Invocation> calls = new ArrayList<>();
        ids.forEach(id -> calls.add(recorder.invoke("a client", one)));
        for (int i = 0; i < killed; i++) {
            recorder.invoke("a killed client", one).unknown();
        }
        for (int i = 0; i < ids.size(); i++) {
            calls.get(i).returned(Long.parseLong(ids.get(i)));
        }
    }

    private JarProcess run(String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("transaction-ids", "--data", data.toString(), "--clients", Integer.toString(CLIENTS)));
        arguments.addAll(List.of(options));
        return new JarProcess(log, arguments);
    }

    /** How many IDs the clients of all runs have got. */
    private long noted() {
        try {
            return Files.exists(notes) ? Files.readAllLines(notes).size() : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
