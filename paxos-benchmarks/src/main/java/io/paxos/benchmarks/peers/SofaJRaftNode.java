// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.peers;

import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.RaftGroupService;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;

/** SOFAJRaft over SOFABolt, with its log in RocksDB. */
final class SofaJRaftNode implements PeerNode {

    /** Warns of each class that older protobuf generated; held here, as the JDK forgets a logger that nobody holds. */
    private static final Logger PROTOBUF = Logger.getLogger("com.google.protobuf");

    private static final String GROUP = "group";

    private final RaftGroupService service;

    SofaJRaftNode(Seat seat) throws IOException {
        PROTOBUF.setLevel(Level.SEVERE);
        List<PeerId> members =
                seat.ports().stream().map(port -> new PeerId("127.0.0.1", port)).toList();
        RaftOptions raft = new RaftOptions();
        raft.setSync(seat.keeping() == Keeping.FORCED);
        raft.setSyncMeta(seat.keeping() == Keeping.FORCED);
        NodeOptions options = new NodeOptions();
        options.setRaftOptions(raft);
        options.setFsm(new Answering());
        options.setLogUri(seat.directory().resolve("log").toString());
        options.setRaftMetaUri(seat.directory().resolve("meta").toString());
        options.setInitialConf(new Configuration(members));
        options.setDisableCli(true);
        if (seat.electionMillis() > 0) {
            options.setElectionTimeoutMs(seat.electionMillis());
            raft.setMaxElectionDelayMs(seat.electionMillis());
        }
        service = new RaftGroupService(GROUP, members.get(seat.place()), options);
        if (service.start() == null) {
            throw new IOException("a node of SOFAJRaft did not start");
        }
    }

    @Override
    public boolean leads() {
        return service.getRaftNode().isLeader(false);
    }

    @Override
    public CompletableFuture<?> submit(byte[] command) {
        CompletableFuture<Status> answered = new CompletableFuture<>();
        service.getRaftNode().apply(new Task(ByteBuffer.wrap(command), status -> {
            if (status.isOk()) {
                answered.complete(status);
            } else {
                answered.completeExceptionally(new IllegalStateException("SOFAJRaft refused a command: " + status));
            }
        }));
        return answered;
    }

    @Override
    public void close() {
        service.shutdown();
        try {
            service.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Answers each command, where somebody waits, and does nothing else. */
    private static final class Answering extends StateMachineAdapter {
        @Override
        public void onApply(Iterator entries) {
            while (entries.hasNext()) {
                if (entries.done() != null) {
                    entries.done().run(Status.OK());
                }
                entries.next();
            }
        }
    }
}
