// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.event.Outcome;
import io.paxos.model.Configuration;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.node.Reading;
import io.paxos.node.RefusedException;
import io.paxos.node.ReplicatedLog;
import io.paxos.replica.NodeStatus;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Changes who votes, and tells all replicas before where the new ones listen: they let nobody in whose address they
 * cannot look up. Safe for any thread.
 */
final class MemberChanges {

    private static final long AGAIN_MILLIS = 100;

    private final ReplicatedLog<KvCommand, KvStore.Result, KvStore> log;
    private final Addresses addresses;
    private final Duration deadline;
    private final Executor later = CompletableFuture.delayedExecutor(AGAIN_MILLIS, TimeUnit.MILLISECONDS);

    MemberChanges(ReplicatedLog<KvCommand, KvStore.Result, KvStore> log, Addresses addresses, Duration deadline) {
        this.log = log;
        this.addresses = addresses;
        this.deadline = deadline;
    }

    /**
     * Makes a change. A replica that is to vote may still be on its way here; that is waited for.
     *
     * @return the members in force, from when on who left may be stopped and thrown away
     * @throws IllegalArgumentException if it is not known where somebody listens who is to belong
     */
    CompletableFuture<Configuration> make(MembersRequest request) {
        long end = System.nanoTime() + deadline.toNanos();
        Map<String, HostPort> known = addresses.all();
        for (NodeId node : request.staying()) {
            if (!known.containsKey(node.name()) && !request.addresses().containsKey(node.name())) {
                throw new IllegalArgumentException(
                        "it is not known where " + node + " listens; write " + node + "=HOST:PORT");
            }
        }
        CompletableFuture<Void> told = CompletableFuture.completedFuture(null);
        for (Map.Entry<String, HostPort> each : request.addresses().entrySet()) {
            told = told.thenCompose(before -> tell(each.getKey(), each.getValue()));
        }
        return told.thenCompose(all -> change(request.change(), end));
    }

    private CompletableFuture<Void> tell(String id, HostPort address) {
        CompletableFuture<Reading<KvStore.Result>> written =
                log.submitWithSlot(Addresses.telling(id, address), deadline);
        return written.thenAccept(done -> {});
    }

    private CompletableFuture<Configuration> change(MembershipChange change, long end) {
        return log.membership()
                .change(change, left(end))
                .exceptionallyCompose(problem -> mayStillAppear(problem, change) && end - System.nanoTime() > 0
                        ? CompletableFuture.runAsync(() -> {}, later).thenCompose(paused -> change(change, end))
                        : CompletableFuture.failedFuture(problem));
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(TimeUnit.MILLISECONDS.toNanos(AGAIN_MILLIS), end - System.nanoTime()));
    }

    /** Whoever comes may be heard of any moment; whoever is to leave and does not belong will not belong by waiting. */
    private boolean mayStillAppear(Throwable problem, MembershipChange change) {
        Throwable cause = problem instanceof CompletionException ? problem.getCause() : problem;
        if (!(cause instanceof RefusedException refused) || refused.reason() != Outcome.Reason.UNKNOWN_NODE) {
            return false;
        }
        NodeStatus.Group status = log.status();
        NodeStatus.Membership membership = status == null ? null : status.membership();
        return membership != null && change.remove().stream().allMatch(membership.latest()::includes);
    }
}
