// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.peers;

import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jgroups.JChannel;
import org.jgroups.protocols.raft.FileBasedLog;
import org.jgroups.protocols.raft.InMemoryLog;
import org.jgroups.raft.RaftHandle;
import org.jgroups.raft.StateMachine;

/**
 * jgroups-raft over TCP: the stack that it ships, with JGroups' own TCP stack in place of UDP and its discovery. By default
 * JGroups leaves Nagle's algorithm on, which costs 40 ms now and then; it is off here, as it is for everybody else.
 */
final class JGroupsRaftNode implements PeerNode {

    private static final String STACK = """
            <config xmlns="urn:org:jgroups">
              <TCP bind_addr="127.0.0.1" bind_port="%d" port_range="0" diag.enabled="false" tcp_nodelay="true"
                   thread_pool.min_threads="0" thread_pool.max_threads="200" thread_pool.keep_alive_time="30000"/>
              <NON_BLOCKING_SENDS/>
              <TCPPING async_discovery="true" initial_hosts="%s" port_range="0"/>
              <MERGE3 min_interval="10s" max_interval="30s"/>
              <FD_SOCK2/>
              <FD_ALL3 timeout="%d" interval="%d"/>
              <VERIFY_SUSPECT2 timeout="%d"/>
              <pbcast.NAKACK2 use_mcast_xmit="false"/>
              <UNICAST3/>
              <pbcast.STABLE desired_avg_gossip="50s" max_bytes="4M"/>
              <raft.NO_DUPES/>
              <pbcast.GMS print_local_addr="false" join_timeout="2s"/>
              <UFC max_credits="10M" min_threshold="0.4"/>
              <MFC max_credits="10M" min_threshold="0.4"/>
              <FRAG4 frag_size="60K"/>
              <raft.ELECTION vote_timeout="%d"/>
              <raft.RAFT members="n1,n2,n3" raft_id="%s" log_class="%s" log_dir="%s" log_prefix="%s"
                         log_use_fsync="%s"/>
              <raft.REDIRECT/>
            </config>
            """;

    /** What JGroups' own TCP stack and the election have if nothing is said. */
    private static final int SILENCE_MILLIS = 40_000;

    private static final int SUSPICION_MILLIS = 1_500;
    private static final int VOTE_MILLIS = 600;

    /** So many heartbeats go into the time after which a silent node is suspected, as they do by default. */
    private static final int HEARTBEATS = 8;

    private final JChannel channel;
    private final RaftHandle handle;

    JGroupsRaftNode(Seat seat) throws Exception {
        int port = seat.ports().get(seat.place());
        String hosts =
                seat.ports().stream().map(each -> "127.0.0.1[" + each + "]").collect(Collectors.joining(","));
        boolean usual = seat.electionMillis() == 0;
        int silence = usual ? SILENCE_MILLIS : seat.electionMillis();
        // Logs in memory are found by their names, so two clusters of one process must not share them.
        String stack = STACK.formatted(
                port,
                hosts,
                silence,
                silence / HEARTBEATS,
                usual ? SUSPICION_MILLIS : seat.electionMillis(),
                usual ? VOTE_MILLIS : seat.electionMillis(),
                seat.name(),
                (seat.keeping() == Keeping.MEMORY ? InMemoryLog.class : FileBasedLog.class).getName(),
                seat.directory().toAbsolutePath(),
                port + "-" + seat.name(),
                seat.keeping() == Keeping.FORCED);
        channel = new JChannel(new ByteArrayInputStream(stack.getBytes(StandardCharsets.UTF_8))).name(seat.name());
        handle = new RaftHandle(channel, new Answering()).raftId(seat.name());
        channel.connect("group");
    }

    @Override
    public boolean leads() {
        return handle.isLeader();
    }

    @Override
    public CompletableFuture<?> submit(byte[] command) {
        try {
            return handle.setAsync(command, 0, command.length);
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void close() {
        channel.close();
    }

    /** Answers each command with nothing. */
    private static final class Answering implements StateMachine {
        private static final byte[] NOTHING = {};

        @Override
        public byte[] apply(byte[] data, int offset, int length, boolean serializeResponse) {
            return NOTHING;
        }

        @Override
        public void readContentFrom(DataInput in) {}

        @Override
        public void writeContentTo(DataOutput out) {}
    }
}
