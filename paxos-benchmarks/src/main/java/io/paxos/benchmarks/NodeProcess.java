// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.benchmarks.peers.Keeping;
import io.paxos.benchmarks.peers.Library;
import io.paxos.benchmarks.peers.OwnNode;
import io.paxos.benchmarks.peers.PeerNode;
import io.paxos.benchmarks.peers.Seat;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One node in a process of its own, and a door through which it is told what to do. */
@Command(name = "node-process", hidden = true)
final class NodeProcess implements Callable<Integer> {

    /** Submits one command, and answers with 1 if it was applied, with 0 if the node does not lead or it failed. */
    static final int SUBMIT = 1;

    /** Followed by bytes, outstanding and milliseconds: keeps a load up here, and answers with what it came to. */
    static final int LOAD = 2;

    /** Answers with 1 if the node leads, else with 0. */
    static final int LEADS = 3;

    /** Only of this library: begins to hand the office over, and answers at once with 1 if the node leads, else with 0. */
    static final int TRANSFER = 4;

    /** Only of this library, followed by a number: has that name decided, and answers with 1 if it was, else with 0. */
    static final int AGREE = 5;

    private static final byte[] COMMAND = new byte[16];
    private static final long PATIENCE_SECONDS = 20;

    @Option(names = "--library", required = true)
    private Library library = Library.PAXOS;

    @Option(names = "--place", required = true)
    private int place;

    @Option(names = "--ports", required = true, split = ",")
    private List<Integer> ports = List.of();

    @Option(names = "--door", required = true)
    private int door;

    @Option(names = "--log", required = true)
    private Keeping keeping = Keeping.MEMORY;

    @Option(names = "--directory", required = true)
    private Path directory = Path.of("");

    @Option(names = "--election-millis", required = true)
    private int electionMillis;

    @Override
    public Integer call() throws Exception {
        try (ServerSocket listening = new ServerSocket(door, 1, InetAddress.getLoopbackAddress())) {
            Thread watch = new Thread(() -> closeWithTheParent(listening), "watch");
            watch.setDaemon(true);
            watch.start();
            serve(listening);
        }
        return 0;
    }

    private void serve(ServerSocket listening) throws Exception {
        try (PeerNode node = library.start(new Seat(place, ports, keeping, directory, electionMillis));
                Socket caller = listening.accept()) {
            caller.setTcpNoDelay(true);
            serve(node, new DataInputStream(caller.getInputStream()), new DataOutputStream(caller.getOutputStream()));
        }
    }

    /**
     * Nothing is ever sent; the end of the stream says that the parent is gone. Nobody will call any more then. A caller who
     * did call is gone as well, and the end of its connection is heard where it is served.
     */
    private static void closeWithTheParent(ServerSocket listening) {
        try (listening) {
            long unused = System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.out.println("the parent cannot be heard: " + e);
        }
    }

    private static void serve(PeerNode node, DataInputStream in, DataOutputStream out) throws Exception {
        for (; ; ) {
            int asked;
            try {
                asked = in.readUnsignedByte();
            } catch (EOFException e) {
                return;
            }
            switch (asked) {
                case SUBMIT -> out.writeByte(node.leads() && submitted(node) ? 1 : 0);
                case LEADS -> out.writeByte(node.leads() ? 1 : 0);
                case TRANSFER -> out.writeByte(isHandedOver(own(node)) ? 1 : 0);
                case AGREE -> {
                    String name = "name-" + in.readLong();
                    out.writeByte(isDone(own(node).agree(name)) ? 1 : 0);
                }
                case LOAD -> {
                    byte[] command = new byte[in.readInt()];
                    int outstanding = in.readInt();
                    Load.Result result =
                            Load.run(() -> node.submit(command), outstanding, Duration.ofMillis(in.readInt()));
                    out.writeDouble(result.commandsPerSecond());
                    out.writeDouble(result.medianMicros());
                    out.writeDouble(result.micros(0.99));
                }
                default -> throw new IOException("asked for " + asked + ", of which nothing is known here");
            }
            out.flush();
        }
    }

    private static OwnNode own(PeerNode node) throws IOException {
        if (node instanceof OwnNode own) {
            return own;
        }
        throw new IOException("only nodes of " + Library.PAXOS.label() + " can be asked for this");
    }

    /** What comes of it is seen by who leads then. */
    private static boolean isHandedOver(OwnNode node) {
        return node.leads() && !node.transfer().isCompletedExceptionally();
    }

    private static boolean submitted(PeerNode node) throws InterruptedException {
        return isDone(node.submit(COMMAND));
    }

    private static boolean isDone(CompletableFuture<?> answer) throws InterruptedException {
        try {
            answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
