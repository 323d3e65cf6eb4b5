// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.peers;

import io.aeron.CommonContext;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.client.AeronArchive;
import io.aeron.cluster.ClusteredMediaDriver;
import io.aeron.cluster.ConsensusModule;
import io.aeron.cluster.service.Cluster.Role;
import io.aeron.cluster.service.ClusteredServiceContainer;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NoOpLock;
import org.jspecify.annotations.Nullable;

/**
 * Aeron Cluster over UDP, its log in the archive's recordings; a media driver, an archive, a consensus module and a
 * service for each node, each on one thread. The caller reaches its node through shared memory.
 */
final class AeronNode implements PeerNode {

    /** An endpoint each for ingress, consensus, log, catch-up and the archive's control. */
    static final int ENDPOINTS = 5;

    /** So many heartbeats go into the time after which a silent leader is replaced; by default it is fifty. */
    private static final int HEARTBEATS = 10;

    /** Forces data and metadata after each write, as {@code FileChannel.force(true)} does. */
    private static final int FORCE = 2;

    private final ClusteredMediaDriver node;
    private final ClusteredServiceContainer service;
    private @Nullable AeronCaller caller;

    AeronNode(Seat seat) {
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < Seat.NODES; i++) {
            members.append(i);
            for (int endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
                members.append(",127.0.0.1:").append(seat.ports().get(i * ENDPOINTS + endpoint));
            }
            members.append('|');
        }
        int sync = seat.keeping() == Keeping.FORCED ? FORCE : 0;
        int archivePort = seat.ports().get((seat.place() + 1) * ENDPOINTS - 1);
        Path directory = seat.directory();
        String aeron = CommonContext.getAeronDirectoryName() + "-" + archivePort;
        File clusterDirectory = directory.resolve("cluster").toFile();
        MediaDriver.Context driver = new MediaDriver.Context()
                .aeronDirectoryName(aeron)
                .threadingMode(ThreadingMode.SHARED)
                .termBufferSparseFile(true)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true);
        Archive.Context archive = new Archive.Context()
                .aeronDirectoryName(aeron)
                .archiveDir(directory.resolve("archive").toFile())
                .controlChannel("aeron:udp?endpoint=127.0.0.1:" + archivePort)
                .localControlChannel("aeron:ipc?term-length=64k")
                .replicationChannel("aeron:udp?endpoint=127.0.0.1:0")
                .recordingEventsEnabled(false)
                .threadingMode(ArchiveThreadingMode.SHARED)
                .fileSyncLevel(sync)
                .catalogFileSyncLevel(sync);
        AeronArchive.Context archiveClient = new AeronArchive.Context()
                .lock(NoOpLock.INSTANCE)
                .controlRequestChannel(archive.localControlChannel())
                .controlResponseChannel(archive.localControlChannel())
                .aeronDirectoryName(aeron);
        ConsensusModule.Context consensus = new ConsensusModule.Context()
                .aeronDirectoryName(aeron)
                .clusterMemberId(seat.place())
                .clusterMembers(members.toString())
                .clusterDir(clusterDirectory)
                .ingressChannel("aeron:udp?term-length=1m")
                .isIpcIngressAllowed(true)
                .replicationChannel("aeron:udp?endpoint=127.0.0.1:0")
                .archiveContext(archiveClient.clone())
                .fileSyncLevel(sync);
        if (seat.electionMillis() > 0) {
            long silence = TimeUnit.MILLISECONDS.toNanos(seat.electionMillis());
            consensus
                    .leaderHeartbeatTimeoutNs(silence)
                    .leaderHeartbeatIntervalNs(silence / HEARTBEATS)
                    .electionTimeoutNs(silence)
                    .electionStatusIntervalNs(silence / HEARTBEATS);
        }
        node = ClusteredMediaDriver.launch(driver, archive, consensus);
        service = ClusteredServiceContainer.launch(new ClusteredServiceContainer.Context()
                .aeronDirectoryName(aeron)
                .archiveContext(archiveClient.clone())
                .clusterDir(clusterDirectory)
                .clusteredService(new AeronService()));
    }

    @Override
    public boolean leads() {
        return node.consensusModule().context().clusterNodeRoleCounter().get() == Role.LEADER.code();
    }

    @Override
    public CompletableFuture<?> submit(byte[] command) {
        AeronCaller open = caller;
        if (open == null) {
            open = new AeronCaller(node.mediaDriver().aeronDirectoryName());
            caller = open;
        }
        return open.submit(command);
    }

    @Override
    public void close() {
        if (caller != null) {
            caller.close();
        }
        service.close();
        node.close();
    }
}
