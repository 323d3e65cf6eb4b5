// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.Storage;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import io.paxos.testkit.disk.CrashKind;
import io.paxos.testkit.disk.Damage;
import io.paxos.testkit.disk.LiveFault;
import io.paxos.testkit.storage.Bench;
import io.paxos.testkit.storage.Case;
import io.paxos.testkit.storage.CrashExploration;
import io.paxos.testkit.storage.DamageExploration;
import io.paxos.testkit.storage.FaultExploration;
import io.paxos.testkit.storage.Snapshot;
import io.paxos.testkit.storage.Tally;
import io.paxos.testkit.storage.Watch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What every {@link Storage} must fulfil. Whoever writes one extends this class and says how it is made:
 *
 * <pre>{@code
 * class MyStorageTest extends StorageContract {
 *     protected Storage open(Path directory) { return new MyStorage(directory); }
 * }
 * }</pre>
 *
 * <p>The directory is one of a {@link io.paxos.testkit.disk.CrashFileSystem}. A storage that does all it does by
 * {@code java.nio.file} need not know: it is crashed after every operation, in every way in which disks lose what was not
 * forced; its reads, writes and forces fail; its files are damaged; and each time it must come back with all that it had
 * confirmed, or with an exception that says where and what to do. At the end a table of what was tried is logged.
 *
 * <p>A failure names a case. To try only that one, run the test with {@code -Dpaxos.storage.replay="..."}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class StorageContract {

    private static final GroupId GROUP = GroupId.of("orders");
    private static final GroupId LATER = new GroupId("orders", 1);
    private static final Ballot LOW = new Ballot(3, NodeId.of("n2"), 5);
    private static final Ballot HIGH = new Ballot(4, NodeId.of("n1"), -6);
    private static final Value SESSION = new Value.OpenSession(NodeId.of("n1"), 7, LogTime.ZERO);
    private static final DecreeName NAME = new DecreeName("shard-7/owner");
    private static final int GROUPS = 2_001;
    private static final int SMALL_BATCHES = 500;
    private static final int EVERY_BYTE = 4_000;
    private static final long SECONDS = 30;

    private final Tally tally = new Tally();
    private Watch watch = new Watch(SECONDS);
    private Bench bench = new Bench(this::open);

    /** For subclasses. */
    protected StorageContract() {}

    /**
     * Makes a storage over a directory, and does not recover it. The directory may not exist. A storage that keeps
     * nothing in files has one object for each directory, and returns it whenever it is asked for that directory.
     *
     * @param directory where it keeps its data
     * @return the storage
     * @throws IOException if that is impossible
     */
    protected abstract Storage open(Path directory) throws IOException;

    /**
     * Whether the storage keeps its data in files. If not, nothing is crashed or damaged.
     *
     * @return true; override it for a storage in memory
     */
    protected boolean keepsDataOnDisk() {
        return true;
    }

    /**
     * How many states after a crash are to be tried at least. The more there are, the longer it takes, and the more
     * likely it is that something rare is found.
     *
     * @return their number
     */
    protected int crashStates() {
        return 50_000;
    }

    /**
     * Where the seeds of the scripts begin. The same seeds give the same scripts and crashes.
     *
     * @return the first seed
     */
    protected long firstSeed() {
        return 1;
    }

    /**
     * Whether damage at rest to the very last batch may cost that batch, because it looks like the torn end of a batch
     * that was never confirmed. That is counted, and no failure, if the store had not been closed; whoever says so has to
     * say it in the documentation too.
     *
     * @return false; override it if the storage has that one weakness
     */
    protected boolean mayLoseLastBatchToDamage() {
        return false;
    }

    /**
     * How large a batch the storage must take.
     *
     * @return size in bytes
     */
    protected int largeBatchBytes() {
        return 1 << 20;
    }

    /**
     * How long a single state may take, reading and opening included, before the storage counts as stuck.
     *
     * @return time in seconds
     */
    protected long stuckAfterSeconds() {
        return 60;
    }

    /** Gets a new disk. */
    @BeforeEach
    void setUp() {
        bench = new Bench(this::open);
        watch = new Watch(stuckAfterSeconds());
    }

    /** Shows what was tried. */
    @AfterAll
    void showTable() {
        if (tally.total() > 0) {
            System.getLogger(StorageContract.class.getName())
                    .log(
                            System.Logger.Level.INFO,
                            () -> "states tried by " + getClass().getName() + System.lineSeparator() + tally.table());
        }
    }

    private RecoveredState after(Write... batch) throws IOException {
        bench.reopen();
        bench.write(batch);
        return bench.reopen();
    }

    private RecoveredState.Log logAfter(Write... batch) throws IOException {
        return after(batch).groups().getOrDefault(GROUP, RecoveredState.Log.EMPTY);
    }

    // What is written is there.

    @Test
    void aNewStoreIsEmptyAndThisIsItsFirstStart() throws IOException {
        RecoveredState state = bench.reopen();
        assertThat(state).isEqualTo(RecoveredState.empty(state.incarnation()));
        assertThat(bench.storage().readSnapshot(GROUP)).isNull();
    }

    @Test
    void eachStartIsAGreaterOneAndTheIdentityStays() throws IOException {
        RecoveredState first = bench.reopen();
        for (long start = first.start(); start < 6; ) {
            RecoveredState next = bench.reopen();
            assertThat(next.start()).isGreaterThan(start);
            assertThat(next.incarnation()).isEqualTo(first.incarnation());
            start = next.start();
        }
        assertThat(new Bench(this::open).reopen().incarnation())
                .as("the identity of another store")
                .isNotEqualTo(first.incarnation());
    }

    @Test
    void whatNodesWriteIsThereAfterEveryRestart() {
        for (long seed = firstSeed(); seed < firstSeed() + 20; seed++) {
            new Bench(this::open).play(seed, 60);
        }
    }

    @Test
    void anEmptyBatchChangesNothing() throws IOException {
        bench.reopen();
        bench.write();
        bench.write(new Write.PromiseWrite(GROUP, LOW));
        bench.write();
        assertThat(bench.reopen().groups()).containsOnlyKeys(GROUP);
    }

    @Test
    void aLargeBatchIsKept() throws IOException {
        byte[] bytes = new byte[largeBatchBytes() / 4];
        new Random(1).nextBytes(bytes);
        List<Write> batch = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            batch.add(new Write.DecreeDecidedWrite(new DecreeName("large-" + i), Payload.wrap(bytes)));
        }
        RecoveredState state = after(batch.toArray(Write[]::new));
        assertThat(state.decided()).hasSize(4).containsValue(Payload.wrap(bytes));
    }

    @Test
    void manySmallBatchesAreKept() throws IOException {
        bench.reopen();
        for (int i = 1; i <= SMALL_BATCHES; i++) {
            bench.write(new Write.AcceptWrite(
                    GROUP, LOW, i, List.of(new Value.OpenSession(NodeId.of("n1"), i, LogTime.ZERO))));
        }
        RecoveredState.Log log = logOf(bench.reopen());
        assertThat(log.slots()).hasSize(SMALL_BATCHES);
        assertThat(log.at(SMALL_BATCHES))
                .isEqualTo(new Proposal<>(LOW, new Value.OpenSession(NodeId.of("n1"), SMALL_BATCHES, LogTime.ZERO)));
    }

    @Test
    void thousandsOfGroupsAreKept() throws IOException {
        bench.reopen();
        for (int from = 0; from < GROUPS; from += GROUPS / 3) {
            List<Write> batch = new ArrayList<>();
            for (int i = from; i < from + GROUPS / 3; i++) {
                batch.add(new Write.PromiseWrite(GroupId.of("group-" + i), LOW));
            }
            bench.write(batch.toArray(Write[]::new));
        }
        Map<GroupId, RecoveredState.Log> groups = bench.reopen().groups();
        assertThat(groups).hasSize(GROUPS);
        assertThat(groups.values()).allMatch(log -> log.promised().equals(LOW));
    }

    @Test
    void writesOfABatchCountInTheirOrder() throws IOException {
        RecoveredState.Log log = logAfter(
                new Write.AcceptWrite(GROUP, LOW, 1, List.of(Value.NO_OP, Value.NO_OP)),
                new Write.AcceptWrite(GROUP, HIGH, 2, List.of(SESSION)),
                new Write.LearnWrite(GROUP, 1, List.of(SESSION)));
        assertThat(log.slots())
                .containsExactly(
                        Map.entry(1L, new Proposal<>(Ballot.ZERO, SESSION)),
                        Map.entry(2L, new Proposal<>(HIGH, SESSION)));
    }

    @Test
    void whatWasRecoveredDoesNotChangeWithLaterWrites() throws IOException {
        RecoveredState state = after(new Write.AcceptWrite(GROUP, LOW, 1, List.of(Value.NO_OP)));
        bench.write(
                new Write.DecreeDecidedWrite(NAME, Payload.EMPTY),
                new Write.AcceptWrite(GROUP, HIGH, 1, List.of(SESSION, SESSION)));
        assertThat(state.decided()).isEmpty();
        assertThat(logOf(state).slots()).containsOnly(Map.entry(1L, new Proposal<>(LOW, Value.NO_OP)));
    }

    // The rules of the protocol that a store is trusted with.

    @Test
    void rule2_anAcceptRaisesThePromise() throws IOException {
        assertThat(logAfter(new Write.AcceptWrite(GROUP, HIGH, 3, List.of(SESSION)))
                        .promised())
                .isEqualTo(HIGH);
    }

    @Test
    void rule8_aTrimForgetsTheSlotsAndKeepsThePromise() throws IOException {
        bench.reopen();
        bench.write(
                new Write.AcceptWrite(GROUP, LOW, 1, List.of(SESSION, SESSION, SESSION)),
                new Write.PromiseWrite(GROUP, HIGH));
        bench.write(new Write.DecidedWrite(GROUP, 2));
        bench.commit(Snapshot.drawn(GROUP, 2, 100, 1));
        bench.write(new Write.TrimWrite(GROUP, 2), new Write.TrimWrite(GROUP, 1));
        for (int restart = 0; restart < 2; restart++) {
            RecoveredState.Log log = logOf(bench.reopen());
            assertThat(log.promised()).isEqualTo(HIGH);
            assertThat(log.compacted()).isEqualTo(2);
            assertThat(log.slots()).containsOnlyKeys(3L);
        }
    }

    @Test
    void rule9_aTrimBeyondTheLogLeavesTheSnapshotInItsPlace() throws IOException {
        bench.reopen();
        bench.write(new Write.AcceptWrite(GROUP, LOW, 1, List.of(SESSION)));
        Snapshot installed = Snapshot.drawn(GROUP, 90, 100, 2);
        bench.commit(installed);
        bench.write(new Write.TrimWrite(GROUP, 90));
        RecoveredState.Log log = logOf(bench.reopen());
        assertThat(log.decided()).isEqualTo(90);
        assertThat(log.compacted()).isEqualTo(90);
        assertThat(log.slots()).isEmpty();
        assertThat(log.snapshot()).isEqualTo(installed.info());
    }

    @Test
    void rule15_aDecidedDecreeIsNeverUndecidedAgain() throws IOException {
        Write.DecreeWrite open = new Write.DecreeWrite(NAME, LOW, new Proposal<>(LOW, Payload.utf8("v")));
        assertThat(after(open).decrees()).isEqualTo(Map.of(NAME, open));
        bench.write(new Write.DecreeDecidedWrite(NAME, Payload.utf8("v")), open);
        bench.write(new Write.DecreeWrite(NAME, HIGH, null));
        RecoveredState state = bench.reopen();
        assertThat(state.decrees()).isEmpty();
        assertThat(state.decided()).isEqualTo(Map.of(NAME, Payload.utf8("v")));
    }

    @Test
    void rule8_aRegisterKeepsItsLastPromiseAndProposalAndADecreeOfItsNameIsAnother() throws IOException {
        RegisterName register = new RegisterName(NAME.name());
        Write.RegisterWrite first = new Write.RegisterWrite(register, LOW, new Proposal<>(LOW, Payload.utf8("v")));
        Write.RegisterWrite last = new Write.RegisterWrite(register, HIGH, new Proposal<>(HIGH, Payload.EMPTY));
        assertThat(after(first).registers()).isEqualTo(Map.of(register, first));
        bench.write(first, new Write.DecreeDecidedWrite(NAME, Payload.utf8("v")), last);
        for (int restart = 0; restart < 2; restart++) {
            assertThat(bench.reopen().registers()).isEqualTo(Map.of(register, last));
        }
    }

    // Snapshots.

    private void requireSnapshot(@Nullable Snapshot expected) throws IOException {
        Snapshot found = bench.snapshot(GROUP);
        assertThat(found).isEqualTo(expected);
        if (expected != null && found != null) {
            assertThat(found.bytes()).isEqualTo(expected.bytes());
        }
    }

    @Test
    void aSnapshotIsReadAsItWasWrittenFromAnyPlace() throws IOException {
        Snapshot large = Snapshot.drawn(GROUP, 5, 300_000, 3);
        bench.reopen();
        try (SnapshotWriter writer = bench.storage().writeSnapshot(GROUP, 5)) {
            for (int from = 0; from < large.bytes().length; from += 70_000) {
                int length = Math.min(70_000, large.bytes().length - from);
                writer.write(ByteBuffer.wrap(large.bytes(), from, length));
            }
            writer.commit(large.info());
        }
        requireSnapshot(large);
        bench.reopen();
        requireSnapshot(large);
        try (SnapshotReader reader = bench.storage().readSnapshot(GROUP)) {
            assertThat(reader).isNotNull();
            for (int at : new int[] {299_999, 0, 65_535, 140_001, 1}) {
                ByteBuffer into = ByteBuffer.allocate(3);
                assertThat(reader.read(at, into)).isEqualTo(Math.min(3, 300_000 - at));
                assertThat(Arrays.copyOf(into.array(), into.position()))
                        .isEqualTo(Arrays.copyOfRange(large.bytes(), at, at + into.position()));
            }
            assertThat(reader.read(300_000, ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void rule9_onlyANewerSnapshotTakesTheOldOnesPlace() throws IOException {
        Snapshot old = Snapshot.drawn(GROUP, 5, 100, 4);
        Snapshot fresh = Snapshot.drawn(GROUP, 9, 50, 5);
        bench.reopen();
        bench.commit(old);
        requireSnapshot(old);
        bench.commit(fresh);
        requireSnapshot(fresh);
        try {
            bench.commit(Snapshot.drawn(GROUP, 7, 60, 6));
        } catch (IOException e) {
            // To refuse it is as good as to leave it without effect.
            assertThat(e).hasMessageContaining("7");
        }
        requireSnapshot(fresh);
        bench.reopen();
        requireSnapshot(fresh);
        assertThat(bench.snapshot(LATER)).isNull();
    }

    @Test
    void aSnapshotThatIsGivenUpLeavesNothing() throws IOException {
        Snapshot old = Snapshot.drawn(GROUP, 5, 100, 7);
        bench.reopen();
        bench.commit(old);
        SnapshotWriter writer = bench.storage().writeSnapshot(GROUP, 9);
        writer.write(ByteBuffer.allocate(5_000));
        writer.close();
        writer.close();
        requireSnapshot(old);
        bench.reopen();
        requireSnapshot(old);
    }

    @Test
    void aSnapshotThatIsNotWhatItShouldBeIsNotCommitted() throws IOException {
        Snapshot old = Snapshot.drawn(GROUP, 5, 100, 8);
        bench.reopen();
        bench.commit(old);
        SnapshotInfo other = Snapshot.drawn(GROUP, 9, 100, 9).info();
        assertThatThrownBy(() -> {
                    try (SnapshotWriter writer = bench.storage().writeSnapshot(GROUP, 9)) {
                        writer.write(ByteBuffer.allocate(100));
                        writer.commit(other);
                    }
                })
                .isInstanceOf(IOException.class);
        requireSnapshot(old);
        bench.reopen();
        requireSnapshot(old);
    }

    @Test
    void aSnapshotBeingReadStaysReadableWhenANewerOneComes() throws IOException {
        Snapshot old = Snapshot.drawn(GROUP, 5, 9_000, 10);
        bench.reopen();
        bench.commit(old);
        try (SnapshotReader reader = bench.storage().readSnapshot(GROUP)) {
            assertThat(reader).isNotNull();
            bench.commit(Snapshot.drawn(GROUP, 9, 50, 11));
            ByteBuffer into = ByteBuffer.allocate(9_000);
            while (into.hasRemaining() && reader.read(into.position(), into) > 0) {
                assertThat(reader.info()).isEqualTo(old.info());
            }
            assertThat(into.array()).isEqualTo(old.bytes());
        }
    }

    @Test
    void snapshotsAreWrittenAndReadWhileBatchesAre() throws Exception {
        bench.reopen();
        CompletableFuture<Void> snapshots = new CompletableFuture<>();
        Thread writer = new Thread(() -> {
            try {
                for (int i = 1; i <= 20; i++) {
                    Snapshot next = Snapshot.drawn(LATER, i, 3_000, i);
                    bench.commit(next);
                    assertThat(bench.snapshot(LATER)).isEqualTo(next);
                }
                snapshots.complete(null);
            } catch (IOException | RuntimeException | AssertionError e) {
                snapshots.completeExceptionally(e);
            }
        });
        writer.setDaemon(true);
        writer.start();
        for (int i = 1; i <= 100; i++) {
            bench.write(new Write.AcceptWrite(GROUP, LOW, i, List.of(SESSION)));
        }
        snapshots.get(SECONDS, TimeUnit.SECONDS);
        assertThat(logOf(bench.reopen()).slots()).hasSize(100);
        assertThat(bench.snapshot(LATER)).isEqualTo(Snapshot.drawn(LATER, 20, 3_000, 20));
    }

    // Whose store it is.

    @Test
    void twoCannotUseItAtOnce() throws IOException {
        bench.reopen();
        List<Path> directories = keepsDataOnDisk()
                ? List.of(bench.directory(), bench.directoryOfAnotherProcess())
                : List.of(bench.directory());
        for (Path directory : directories) {
            assertThatThrownBy(() -> {
                        Storage second = open(directory);
                        try {
                            RecoveredState unused = second.recover(Bench.OWNER);
                        } finally {
                            if (keepsDataOnDisk()) {
                                second.close();
                            }
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use");
        }
        bench.write(new Write.PromiseWrite(GROUP, LOW));
        assertThat(bench.reopen().groups()).containsKey(GROUP);
    }

    @Test
    void anotherOwnerIsRefusedByBothNames() throws IOException {
        bench.reopen();
        bench.write(new Write.PromiseWrite(GROUP, LOW));
        bench.storage().close();
        for (StoreOwner other : List.of(
                new StoreOwner(Bench.OWNER.cluster(), NodeId.of("n77")),
                new StoreOwner(new ClusterName("elsewhere"), Bench.OWNER.node()))) {
            Storage foreign = open(bench.directory());
            assertThatThrownBy(() -> foreign.recover(other))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll(
                            other.node().toString(),
                            other.cluster().toString(),
                            Bench.OWNER.node().toString(),
                            Bench.OWNER.cluster().toString());
            foreign.close();
        }
        assertThat(bench.reopen().groups()).containsOnlyKeys(GROUP);
    }

    @Test
    void whatIsNotADirectoryIsRefusedByName() throws IOException {
        if (keepsDataOnDisk()) {
            Files.delete(bench.directory());
            Path unused = Files.write(bench.directory(), new byte[] {1});
            assertThatThrownBy(() -> bench.reopen())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(bench.directory().toString());
        }
    }

    @Test
    void aClosedStoreTakesNothingMoreAndClosesAsOftenAsOneLikes() throws IOException {
        Storage neverOpened = open(bench.directory());
        neverOpened.close();
        bench.reopen();
        bench.storage().close();
        bench.storage().close();
        assertThatThrownBy(() -> bench.write(new Write.PromiseWrite(GROUP, LOW)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> bench.write()).isInstanceOf(IOException.class);
        assertThat(bench.reopen().groups()).isEmpty();
    }

    // Crashes, faults and damage.

    private <C extends Case> boolean replays(Class<C> kind, Consumer<C> replay) throws InterruptedException {
        String named = System.getProperty(Case.PROPERTY);
        if (named == null) {
            return false;
        }
        Case only = Case.parse(named);
        if (kind.isInstance(only)) {
            watch.over(() -> replay.accept(kind.cast(only)));
        }
        return true;
    }

    @Test
    void whatWasConfirmedSurvivesEveryCrash() throws InterruptedException {
        CrashExploration crashes = new CrashExploration(this::open, tally, watch);
        if (!keepsDataOnDisk() || replays(Case.Crash.class, crashes::replay)) {
            return;
        }
        long before = tally.total();
        watch.over(() -> {
            for (long seed = firstSeed(); tally.total() - before < crashStates(); seed++) {
                crashes.explore(seed);
            }
        });
        for (CrashKind kind : CrashKind.values()) {
            assertThat(tally.count(kind.name())).as("states after " + kind).isPositive();
        }
    }

    @Test
    void aFaultOfTheDiskCostsNothingThatWasConfirmed() throws InterruptedException {
        FaultExploration faults = new FaultExploration(this::open, tally, watch);
        if (!keepsDataOnDisk() || replays(Case.Fault.class, faults::replay)) {
            return;
        }
        watch.over(() -> {
            for (long seed = firstSeed(); seed < firstSeed() + 8; seed++) {
                faults.explore(seed);
            }
        });
        for (LiveFault.Kind kind : LiveFault.Kind.values()) {
            assertThat(tally.count(kind.name())).as("states after " + kind).isPositive();
        }
    }

    @Test
    void damageIsHarmlessOrRefusedWithPlaceAndRemedy() throws InterruptedException {
        DamageExploration damages = new DamageExploration(this::open, tally, watch, mayLoseLastBatchToDamage());
        if (!keepsDataOnDisk() || replays(Case.Rot.class, damages::replay)) {
            return;
        }
        watch.over(() -> {
            damages.explore(firstSeed(), EVERY_BYTE);
            for (long seed = firstSeed() + 1; seed < firstSeed() + 16; seed++) {
                damages.explore(seed, 60);
            }
        });
        for (Damage.Kind kind : Damage.Kind.values()) {
            assertThat(tally.count(kind.name())).as("states after " + kind).isPositive();
        }
    }

    private static RecoveredState.Log logOf(RecoveredState state) {
        RecoveredState.Log log = state.groups().get(GROUP);
        assertThat(log).as("the log %s", GROUP).isNotNull();
        return Objects.requireNonNull(log);
    }
}
