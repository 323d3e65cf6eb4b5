package io.paxos.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.spi.Storage;
import io.paxos.testkit.disk.CrashKind;
import io.paxos.testkit.storage.CrashExploration;
import io.paxos.testkit.storage.Tally;
import io.paxos.testkit.storage.Watch;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every {@link Storage} must fulfil. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class StorageContract {

    private final Tally tally = new Tally();
    private final Watch watch = new Watch();

    /** For subclasses. */
    protected StorageContract() {}

    /**
     * Makes a storage over a directory, and does not recover it.
     *
     * @param directory where it keeps its data; it may not exist yet
     * @return a new storage
     * @throws IOException if that is impossible
     */
    protected abstract Storage open(Path directory) throws IOException;

    /**
     * How many states after a crash are to be tried at least.
     *
     * @return their number
     */
    protected int crashStates() {
        return 60_000;
    }

    /**
     * Whether the storage keeps its data in files.
     *
     * @return true; override it for a storage in memory
     */
    protected boolean keepsDataOnDisk() {
        return true;
    }

    /**
     * After every crash, all that was confirmed is there.
     *
     * @throws InterruptedException if the test is interrupted
     */
    @Test
    void whatWasConfirmedSurvivesEveryCrash() throws InterruptedException {
        if (!keepsDataOnDisk()) {
            return;
        }
        CrashExploration exploration = new CrashExploration(this::open, tally, watch);
        watch.over(() -> {
            for (long seed = 0; tally.total() < crashStates(); seed++) {
                exploration.explore(seed);
            }
        });
        for (CrashKind kind : CrashKind.values()) {
            assertThat(tally.count(kind.name())).as("states after " + kind).isPositive();
        }
    }

    /** Shows what was tried. */
    @AfterAll
    void showTable() {
        System.getLogger(StorageContract.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        () -> getClass().getSimpleName() + System.lineSeparator() + tally.table());
    }
}
