// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.parts;

import io.paxos.model.Payload;
import io.paxos.node.InMemoryStorage;
import io.paxos.node.PaxosNode;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A node that is a cluster by itself: what a command costs on its way through the mailbox, the loop, the applier and
 * back to the caller, with no other node and no disk.
 */
@State(Scope.Thread)
public class NodeBenchmark {

    private static final int BATCH = 1024;

    private final Payload command = Payload.wrap(new byte[16]);
    private @Nullable PaxosNode node;
    private @Nullable ReplicatedLog<Payload, Payload, Answering> log;

    /** Starts it and waits until it leads. */
    @Setup
    public void start() {
        PaxosNode started = PaxosNode.builder()
                .cluster("alone")
                .id("n1")
                .members("n1")
                .storage(new InMemoryStorage())
                .start();
        node = started;
        log = started.replicate("log", new Answering(), Codec.payload(), Codec.payload());
        log.submit(command).join();
    }

    /** Ends it. */
    @TearDown
    public void close() {
        Objects.requireNonNull(node).close();
    }

    /** Commands that are submitted together; one operation is one of them. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void through() {
        ReplicatedLog<Payload, Payload, Answering> open = Objects.requireNonNull(log);
        CompletableFuture<?>[] answers = new CompletableFuture<?>[BATCH];
        for (int i = 0; i < BATCH; i++) {
            answers[i] = open.submit(command);
        }
        CompletableFuture.allOf(answers).join();
    }

    /** Answers each command with nothing. */
    static final class Answering implements StateMachine<Payload, Payload> {
        @Override
        public Payload apply(ApplyContext context, Payload command) {
            return Payload.EMPTY;
        }
    }
}
