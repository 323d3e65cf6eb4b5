// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.runbooks;

import static io.paxos.examples.runbooks.Shop.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.examples.CommandLineRun;
import io.paxos.examples.Directories;
import io.paxos.examples.Poll;
import io.paxos.model.FeatureLevel;
import io.paxos.model.NodeId;
import io.paxos.node.Consistency;
import io.paxos.node.PaxosNode;
import io.paxos.node.RefusedException;
import io.paxos.replica.NodeStatus;
import io.paxos.spi.Codec;
import io.paxos.storage.file.FileStorage;
import io.paxos.testkit.disk.CrashFileSystem;
import io.paxos.testkit.disk.DiskCount;
import io.paxos.testkit.disk.LiveFault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each runbook of {@code docs/operations.md}, step by step as it stands there. */
@Timeout(60)
class RunbooksTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private static List<String> voters(PaxosNode node) {
        return node.membership().latest().get(Shop.LOG).voters().voters().keySet().stream()
                .map(NodeId::name)
                .toList();
    }

    @Test
    void replaceANode() throws Exception {
        try (Shop shop = new Shop("shop", directory, "n1", "n2", "n3")) {
            shop.startAll();
            shop.write("n1", "before", 10);
            shop.stop("n3");

            shop.join("n4");
            assertThat(shop.read("n4")).hasSize(10);
            result(shop.node("n1").membership().replace("n3", "n4"));

            assertThat(voters(shop.node("n1"))).containsExactly("n1", "n2", "n4");
            shop.stop("n2");
            shop.write("n1", "after", 10);
            assertThat(shop.read("n4")).hasSize(20);
            for (String id : List.of("n4", "n1")) {
                shop.stop(id);
            }
            shop.start("n1");
            shop.join("n4");
            shop.write("n1", "later", 10);
            assertThat(shop.read("n4")).hasSize(30);
            assertThat(voters(shop.node("n4"))).containsExactly("n1", "n2", "n4");
        }
    }

    @Test
    void moveToNewAddresses() throws Exception {
        try (Shop shop = new Shop("shop", directory, "n1", "n2", "n3")) {
            shop.startAll();
            shop.write("n1", "before", 10);
            for (String id : List.of("n1", "n2", "n3")) {
                InetSocketAddress former = shop.addresses().get(NodeId.of(id));
                shop.stop(id);
                shop.start(id);
                assertThat(shop.addresses().get(NodeId.of(id))).isNotEqualTo(former);
                shop.write(id, "moved-" + id, 10);
            }
            assertThat(shop.read("n2")).hasSize(40);
            assertThat(shop.node("n2").status().stranger()).isNull();
        }
    }

    @Test
    void wipedDisk() throws Exception {
        try (Shop shop = new Shop("shop", directory, "n1", "n2", "n3");
                Poll poll = new Poll()) {
            shop.startAll();
            shop.write("n1", "before", 10);
            shop.stop("n3");
            Directories.empty(shop.directory("n3"));

            PaxosNode wiped = shop.start("n3");
            String why = poll.until(
                    "n3 to find out",
                    PATIENCE,
                    () -> Optional.ofNullable(wiped.status().stranger()));
            assertThat(why).contains("the memory it voted with is gone");
            assertThat(shop.read("n3")).hasSize(10);
            result(shop.node("n1").membership().replace("n3", "n3"));

            shop.stop("n2");
            shop.write("n1", "after", 10);
            assertThat(shop.read("n3")).hasSize(20);
        }
    }

    @Test
    void theOddOneOut() throws Exception {
        try (Shop shop = new Shop("shop", directory, "n1", "n2", "n3");
                Poll poll = new Poll()) {
            for (String id : List.of("n1", "n2", "n3")) {
                shop.startComparing(id, 10, id.equals("n3") ? "before-7=7" : "");
            }
            shop.write("n1", "before", 20);
            String why = poll.until("n3 to find out", PATIENCE, () -> Optional.ofNullable(
                            shop.log("n3").status())
                    .map(NodeStatus.Group::halted));
            assertThat(why).contains("more than half of the voters", "taken in again");
            for (String id : List.of("n1", "n2")) {
                poll.until(id + " to name it", PATIENCE, () -> Optional.ofNullable(
                                shop.log(id).status())
                        .filter(status -> status.odd().equals(Set.of(NodeId.of("n3")))));
            }
            assertThatThrownBy(() -> result(shop.log("n3").read(Consistency.local(), Notebook::all)))
                    .cause()
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("not what was agreed on");

            shop.stop("n3");
            Directories.empty(shop.directory("n3"));
            shop.startComparing("n3", 10, "");
            assertThat(shop.read("n3")).containsEntry("before-7", "7").hasSize(20);
            result(shop.node("n1").membership().replace("n3", "n3"));
            shop.write("n1", "after", 20);
            shop.stop("n2");
            shop.write("n1", "at last", 20);
            assertThat(shop.read("n3")).hasSize(60);
            poll.until("n1 to name it no more", PATIENCE, () -> Optional.ofNullable(
                            shop.log("n1").status())
                    .filter(status -> status.odd().isEmpty()));
        }
    }

    @Test
    void lostQuorum() throws Exception {
        Path kept = directory.resolve("turned-up");
        Map<NodeId, InetSocketAddress> addresses;
        try (Shop shop = new Shop("shop", directory.resolve("old"), "n1", "n2", "n3")) {
            shop.startAll();
            result(shop.node("n1").decrees(Codec.utf8()).agree("owner", "n1"));
            result(shop.node("n1").registers(Codec.utf8()).set("colour", "blue"));
            shop.stop("n3");
            shop.join("n4");
            assertThat(shop.read("n4")).isEmpty();
            result(shop.node("n1").membership().replace("n3", "n4"));
            shop.write("n1", "early", 20);
            result(shop.log("n1").snapshot());
            shop.write("n1", "late", 20);
            assertThat(shop.read("n1")).hasSize(40);
            shop.stop("n2");
            shop.stop("n4");
            copy(shop.directory("n2"), kept);
            Directories.empty(shop.directory("n2"));
            Directories.empty(shop.directory("n4"));
            addresses = shop.addresses();
        }
        String left = directory.resolve("old").resolve("n1").toString();
        String into = directory.resolve("new").toString();
        String[] go = {
            "journal",
            "rescue",
            left,
            "--into",
            into,
            "--cluster",
            "shop-2",
            "--members",
            "n1,n2,n3",
            "--segment-bytes",
            "262144",
            "--abandon-old-cluster"
        };

        CommandLineRun plan = CommandLineRun.of("journal", "rescue", left);
        CommandLineRun unsure = typing("shop", go);
        assertThat(plan.exitCode()).as(plan.err()).isZero();
        assertThat(plan.out()).contains("MAY BE MISSING: from slot", "Nothing was written");
        assertThat(unsure.exitCode()).isEqualTo(1);
        assertThat(unsure.out()).contains("That is not shop-2. Nothing was written.");
        assertThat(Path.of(into)).doesNotExist();
        CommandLineRun done = typing("shop-2", go);
        assertThat(done.exitCode()).as(done.out() + done.err()).isZero();

        try (Shop fresh = new Shop("shop-2", Path.of(into), addresses, "n1", "n2", "n3");
                Shop old = new Shop("shop", directory.resolve("old"), addresses, "n1", "n2", "n3")) {
            fresh.startAll();
            assertThat(fresh.read("n3")).hasSize(40).containsEntry("late-19", "19");
            assertThat(result(fresh.node("n2").decrees(Codec.utf8()).learn("owner")))
                    .contains("n1");
            assertThat(result(fresh.node("n3").registers(Codec.utf8()).get("colour")))
                    .contains("blue");
            assertThat(fresh.node("n1").status().stranger()).isNull();
            assertThat(voters(fresh.node("n1"))).containsExactly("n1", "n2", "n3");

            // The disk that was thought to be lost turns up, and somebody starts it.
            Map<NodeId, InetSocketAddress> before = Map.copyOf(addresses);
            PaxosNode returned = old.startAt("n2", FileStorage.open(kept, Shop.FILES));
            CompletableFuture<Long> lost = old.log("n2").submit("late-19=other", Duration.ofSeconds(2));
            addresses.putAll(before);
            fresh.write("n1", "new", 20);
            assertThatThrownBy(() -> result(lost)).isInstanceOf(ExecutionException.class);
            assertThat(returned.status().groups().values()).allSatisfy(group -> assertThat(group.decided())
                    .isLessThanOrEqualTo(fresh.log("n1").status().decided()));
            assertThat(old.log("n2").leader()).isEmpty();
            assertThat(fresh.read("n2")).hasSize(60).containsEntry("late-19", "19");
            assertThatThrownBy(() -> new Shop("shop-2", directory, "n1", "n2", "n3")
                            .startAt(
                                    "n2",
                                    FileStorage.open(directory.resolve("old").resolve("n1"), Shop.FILES)))
                    .as("the old store refuses to serve the new cluster")
                    .hasMessageContaining("belongs to node n1 of cluster shop");
        }
    }

    private static CommandLineRun typing(String line, String... arguments) {
        InputStream keyboard = System.in;
        System.setIn(new ByteArrayInputStream((line + "\n").getBytes(StandardCharsets.UTF_8)));
        try {
            return CommandLineRun.of(arguments);
        } finally {
            System.setIn(keyboard);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
        }
    }

    @Test
    void lostNodesThatAreNoQuorumAreNotForRescue() throws Exception {
        try (Shop shop = new Shop("shop", directory, "n1", "n2", "n3")) {
            shop.startAll();
            shop.write("n1", "note", 1);
        }

        CommandLineRun run = CommandLineRun.of(
                "journal",
                "rescue",
                directory.resolve("n1").toString(),
                directory.resolve("n2").toString(),
                "--into",
                directory.resolve("new").toString(),
                "--cluster",
                "shop-2",
                "--members",
                "n1",
                "--abandon-old-cluster");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("NOT TO BE RESCUED", "replace those that are lost");
        assertThat(directory.resolve("new")).doesNotExist();
    }

    @Test
    void backupAndRestore() throws Exception {
        Path backups = directory.resolve("backups");
        String into = directory.resolve("new").toString();
        AtomicBoolean enough = new AtomicBoolean();
        try (Shop shop = new Shop("shop", directory.resolve("old"), "n1", "n2", "n3")) {
            shop.startAll();
            shop.write("n1", "early", 20);
            result(shop.log("n2").snapshot());
            shop.write("n1", "late", 20);
            result(shop.node("n1").decrees(Codec.utf8()).agree("owner", "n1"));
            CompletableFuture<Integer> load = writeUntil(shop, enough);
            for (String id : List.of("n1", "n2")) {
                assertThat(shop.read(id)).containsEntry("late-19", "19");
                assertThat(result(shop.log(id).snapshot())).isPositive();
                shop.store(id).backup(backups.resolve(id));
            }
            enough.set(true);
            assertThat(result(load)).as("writes went on meanwhile").isPositive();
            shop.write("n1", "behind", 5);

            CommandLineRun restored = CommandLineRun.of(
                    "journal",
                    "restore",
                    backups.resolve("n1").toString(),
                    backups.resolve("n2").toString(),
                    "--into",
                    into,
                    "--cluster",
                    "shop-copy",
                    "--members",
                    "m1,m2,m3",
                    "--segment-bytes",
                    "262144");
            assertThat(restored.exitCode()).as(restored.out() + restored.err()).isZero();

            try (Shop copy = new Shop("shop-copy", Path.of(into), "m1", "m2", "m3")) {
                copy.startAll();
                assertThat(copy.read("m2"))
                        .containsEntry("early-0", "0")
                        .containsEntry("late-19", "19")
                        .doesNotContainKey("behind-0");
                assertThat(result(copy.node("m3").decrees(Codec.utf8()).learn("owner")))
                        .contains("n1");
                copy.write("m1", "own", 5);
                assertThat(copy.read("m3")).containsEntry("own-4", "4");
            }
            assertThat(shop.read("n3")).containsEntry("behind-4", "4").doesNotContainKey("own-0");
        }
        assertThatThrownBy(() -> new Shop("shop", backups, "n1", "n2", "n3").start("n1"))
                .as("a backup is no store")
                .hasMessageContaining("so it is not a store");
    }

    private static CompletableFuture<Integer> writeUntil(Shop shop, AtomicBoolean enough) {
        CompletableFuture<Integer> done = new CompletableFuture<>();
        write(shop, enough, new AtomicInteger(), done);
        return done;
    }

    private static void write(Shop shop, AtomicBoolean enough, AtomicInteger count, CompletableFuture<Integer> done) {
        if (enough.get()) {
            done.complete(count.get());
            return;
        }
        CompletableFuture<Long> unused = shop.log("n3")
                .submit("load-" + count.get() + "=x")
                .whenComplete((size, problem) -> {
                    if (problem == null) {
                        count.incrementAndGet();
                        write(shop, enough, count, done);
                    } else {
                        done.completeExceptionally(problem);
                    }
                });
    }

    @Test
    void diskFull() throws Exception {
        try (Shop shop = new Shop("shop", directory, "n1", "n2", "n3");
                Poll poll = new Poll();
                CrashFileSystem disk = CrashFileSystem.empty()) {
            shop.start("n1");
            shop.start("n2");
            PaxosNode full = shop.startAt("n3", FileStorage.open(disk.root().resolve("n3"), Shop.FILES));
            shop.write("n1", "before", 10);
            assertThat(shop.read("n3")).hasSize(10);
            disk.fail(new LiveFault(LiveFault.Kind.FULL_AFTER, disk.count(DiskCount.BYTES) + 1));

            shop.write("n1", "meanwhile", 10);
            String why = poll.until(
                    "n3 to stop",
                    PATIENCE,
                    () -> Optional.ofNullable(full.status().halted()));
            assertThat(why).contains("the disk is full");
            shop.stop("n3");
            disk.fail(null);
            shop.startAt("n3", FileStorage.open(disk.root().resolve("n3"), Shop.FILES));

            shop.stop("n2");
            shop.write("n1", "after", 10);
            assertThat(shop.read("n3")).hasSize(30);
        }
    }

    @Test
    void rollingUpgrade() throws Exception {
        try (OldLibrary old = OldLibrary.in(Path.of("target", "old-library"));
                Shop shop = new Shop("shop", directory, "n1", "n2", "n3");
                SteadyLoad load = new SteadyLoad();
                Poll poll = new Poll()) {
            Map<String, OldNode> olds = new TreeMap<>();
            try {
                for (String id : List.of("n1", "n2", "n3")) {
                    startOld(old, shop, id, olds, load);
                }
                // One goes there and back again before the others go: nothing new was used, so it can.
                upgrade(shop, "n1", olds, load, poll);
                load.leave("n1");
                shop.stop("n1");
                startOld(old, shop, "n1", olds, load);
                progress(load, poll);
                for (String id : List.of("n1", "n2", "n3")) {
                    upgrade(shop, id, olds, load, poll);
                    if (!olds.isEmpty()) {
                        for (String stillOld : olds.keySet()) {
                            assertThatThrownBy(() ->
                                            result(shop.node(id).membership().remove("n3")))
                                    .hasCauseInstanceOf(RefusedException.class)
                                    .hasMessageContaining("FEATURE_LEVEL")
                                    .hasMessageContaining(stillOld + " supports only up to feature level 0");
                        }
                        assertThat(level(shop, id)).isEqualTo(FeatureLevel.BASE);
                    }
                }
            } finally {
                for (OldNode node : olds.values()) {
                    node.close();
                }
            }

            result(shop.node("n1").membership().remove("n3"));
            assertThat(level(shop, "n1")).isEqualTo(FeatureLevel.LATEST);
            progress(load, poll);
            load.leave("n3");
            load.close();
            assertThat(voters(shop.node("n1"))).containsExactly("n1", "n2");
            assertThat(shop.read("n2")).containsKeys(load.acknowledged().toArray(String[]::new));
        }
    }

    /** There is no way back once something new was written: an older library says so, and leaves the store as it is. */
    @Test
    void anOlderLibraryRefusesAStoreInWhichTheLevelHasRisen() throws Exception {
        try (OldLibrary old = OldLibrary.in(Path.of("target", "old-library"));
                Shop shop = new Shop("shop", directory, "n1", "n2", "n3");
                Poll poll = new Poll()) {
            shop.startAll();
            shop.write("n1", "before", 10);
            for (String id : List.of("n1", "n2", "n3")) {
                poll.until(
                        id + " to know the level",
                        PATIENCE,
                        () -> level(shop, id).equals(FeatureLevel.LATEST) ? Optional.of(true) : Optional.empty());
            }
            shop.stop("n1");
            assertThatThrownBy(
                            () -> old.start("shop", "n1", shop.directory("n1"), List.of("n1", "n2", "n3"), id -> null))
                    .rootCause()
                    .hasMessageContaining("a value of a kind that this version does not know");
            shop.start("n1");
            shop.write("n1", "after", 10);
            assertThat(shop.read("n1")).hasSize(20);
        }
    }

    private static FeatureLevel level(Shop shop, String id) {
        NodeStatus.Group group = shop.log(id).status();
        return group == null ? FeatureLevel.BASE : group.level();
    }

    private static void startOld(OldLibrary old, Shop shop, String id, Map<String, OldNode> olds, SteadyLoad load)
            throws Exception {
        OldNode node = old.start("shop", id, shop.directory(id), List.of("n1", "n2", "n3"), peer -> shop.addresses()
                .get(NodeId.of(peer)));
        olds.put(id, node);
        shop.addresses().put(NodeId.of(id), new InetSocketAddress("127.0.0.1", node.port()));
        load.use(id, node::submit);
    }

    /** Closes a node, starts the new version with the same directory, and waits until it has caught up. */
    private static void upgrade(Shop shop, String id, Map<String, OldNode> olds, SteadyLoad load, Poll poll)
            throws Exception {
        progress(load, poll);
        load.leave(id);
        olds.remove(id).close();
        progress(load, poll);
        shop.start(id);
        // A read sees all that was acknowledged before: when it answers, this node has caught up.
        assertThat(shop.read(id)).isNotEmpty();
        load.use(id, note -> shop.log(id).submit(note));
        progress(load, poll);
    }

    private static void progress(SteadyLoad load, Poll poll) throws Exception {
        int before = load.count();
        poll.until("10 more notes", PATIENCE, () -> load.count() >= before + 10 ? Optional.of(true) : Optional.empty());
    }
}
