// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.peers;

import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.cluster.codecs.CloseReason;
import io.aeron.cluster.service.ClientSession;
import io.aeron.cluster.service.Cluster;
import io.aeron.cluster.service.ClusteredService;
import io.aeron.logbuffer.Header;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/** Answers each command with its number, which are its first eight bytes. */
final class AeronService implements ClusteredService {

    static final int NUMBER_BYTES = 8;

    private @Nullable IdleStrategy idle;

    @Override
    public void onStart(Cluster cluster, Image snapshot) {
        idle = cluster.idleStrategy();
    }

    @Override
    public void onSessionMessage(
            ClientSession session, long timestamp, DirectBuffer buffer, int offset, int length, Header header) {
        IdleStrategy strategy = Objects.requireNonNull(idle);
        strategy.reset();
        // Refused for as long as the caller's buffer is full.
        while (!session.isClosing() && session.offer(buffer, offset, NUMBER_BYTES) < 0) {
            strategy.idle();
        }
    }

    @Override
    public void onSessionOpen(ClientSession session, long timestamp) {}

    @Override
    public void onSessionClose(ClientSession session, long timestamp, CloseReason reason) {}

    @Override
    public void onTimerEvent(long correlationId, long timestamp) {}

    @Override
    public void onTakeSnapshot(ExclusivePublication snapshot) {}

    @Override
    public void onRoleChange(Cluster.Role role) {}

    @Override
    public void onTerminate(Cluster cluster) {}
}
