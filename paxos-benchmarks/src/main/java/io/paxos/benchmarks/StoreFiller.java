// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.CommandId;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import io.paxos.node.PaxosNode;
import io.paxos.spi.Codec;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import io.paxos.storage.file.FileStorage;
import io.paxos.wire.WriteCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Fills the store of a cluster of one node with what it would have written in a long life, without the long life: a
 * node is started once and serves one command, and the rest is written by way of the store's own interface.
 */
final class StoreFiller {

    static final String CLUSTER = "restart";
    static final String NODE = "n1";
    static final String LOG = "log";

    private static final int COMMAND_BYTES = 16;
    private static final int BATCH = 10_000;
    private static final StoreOwner OWNER = new StoreOwner(new ClusterName(CLUSTER), NodeId.of(NODE));

    private StoreFiller() {}

    private static void live(Path directory) {
        try (PaxosNode node = PaxosNode.builder()
                .cluster(CLUSTER)
                .id(NODE)
                .members(NODE)
                .storage(FileStorage.open(directory))
                .start()) {
            node.replicate(LOG, new CountingMachine(), Codec.payload(), Codec.payload())
                    .submit(Payload.EMPTY)
                    .join();
        }
    }

    /**
     * Commands of 16 bytes, accepted and decided, without snapshots.
     *
     * @return how many bytes of records were written
     */
    static long commands(Path directory, int count) throws IOException {
        live(directory);
        long bytes = 0;
        try (FileStorage storage = FileStorage.open(directory)) {
            GroupId group = GroupId.of(LOG);
            RecoveredState.Log log = storage.recover(OWNER).groups().get(group);
            if (log == null) {
                throw new IOException("the node has not written its log");
            }
            long session = log.slots().entrySet().stream()
                    .filter(slot -> slot.getValue().value() instanceof Value.OpenSession)
                    .mapToLong(Map.Entry::getKey)
                    .max()
                    .orElseThrow(() -> new IOException("the node has opened no session"));
            Proposal<Value> last = log.slots().get(log.slots().lastKey());
            Ballot ballot = last == null ? log.promised() : last.ballot();
            long slot = log.slots().lastKey() + 1;
            Payload payload = Payload.wrap(new byte[COMMAND_BYTES]);
            for (int done = 0; done < count; ) {
                List<Value> values = new ArrayList<>();
                for (; values.size() < BATCH && done < count; done++) {
                    long sequence = 2L + done;
                    values.add(new Value.Command(
                            new CommandId(session, sequence), sequence, new LogTime(1L << 40), payload));
                }
                bytes += write(
                        storage,
                        List.of(
                                new Write.AcceptWrite(group, ballot, slot, values),
                                new Write.DecidedWrite(group, slot + values.size() - 1)));
                slot += values.size();
            }
        }
        return bytes;
    }

    /**
     * Decided decrees with values of 16 bytes.
     *
     * @return how many bytes of records were written
     */
    static long names(Path directory, int count) throws IOException {
        live(directory);
        long bytes = 0;
        try (FileStorage storage = FileStorage.open(directory)) {
            storage.recover(OWNER);
            Payload payload = Payload.wrap(new byte[COMMAND_BYTES]);
            for (int done = 0; done < count; ) {
                List<Write> writes = new ArrayList<>();
                for (; writes.size() < BATCH / 10 && done < count; done++) {
                    writes.add(new Write.DecreeDecidedWrite(new DecreeName(name(done)), payload));
                }
                bytes += write(storage, writes);
            }
        }
        return bytes;
    }

    static String name(int number) {
        return String.format("order-%09d/outcome", number);
    }

    private static long write(FileStorage storage, List<Write> writes) throws IOException {
        storage.write(writes);
        long bytes = 0;
        for (Write write : writes) {
            bytes += WriteCodec.prepare(write).size();
        }
        return bytes;
    }
}
