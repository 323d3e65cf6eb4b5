// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.benchmarks.peers.Keeping;
import io.paxos.benchmarks.peers.Library;
import io.paxos.benchmarks.peers.Ports;
import io.paxos.benchmarks.peers.Seat;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Three nodes of a library, each in a process of its own, and a connection to each. */
final class NodeProcesses implements AutoCloseable {

    /** What a load came to. */
    record Speed(double commandsPerSecond, double medianMicros, double p99Micros) {}

    private static final long LOOK_NANOS = 20_000_000;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(40);

    /** Between two turns of asking everybody. */
    private static final long TURN_NANOS = 500_000;

    private final List<Process> processes = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private int believed;

    /** Starts them, one after the other, and waits for nothing but that they can be asked. */
    NodeProcesses(Library library, Keeping keeping, int electionMillis, Path directory)
            throws IOException, InterruptedException {
        List<Integer> ports = library.ports();
        List<Integer> doors = Ports.free(Seat.NODES);
        try {
            for (int place = 0; place < Seat.NODES; place++) {
                Path own = Files.createDirectories(directory.resolve("n" + place));
                processes.add(ChildProcess.start(
                        List.of("-Xmx512m"),
                        List.of(
                                "node-process",
                                "--library=" + library,
                                "--place=" + place,
                                "--ports="
                                        + String.join(
                                                ",",
                                                ports.stream()
                                                        .map(String::valueOf)
                                                        .toList()),
                                "--door=" + doors.get(place),
                                "--log=" + keeping,
                                "--directory=" + own,
                                "--election-millis=" + electionMillis),
                        directory.resolve("output-" + place).toFile()));
                sockets.add(connect(library, place, doors.get(place)));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private Socket connect(Library library, int place, int door) throws IOException {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < PATIENCE_NANOS
                && processes.get(place).isAlive()) {
            try {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), door);
                socket.setTcpNoDelay(true);
                return socket;
            } catch (IOException e) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
        throw new IOException("node " + place + " of " + library.label() + " did not start");
    }

    /**
     * Submits a command at whichever node leads: the one that did the last time, and then all in turn until one has
     * applied it.
     *
     * @return the place of the node that did
     * @throws IOException if none does for 40 seconds
     */
    int submit() throws IOException {
        return inTurn(new byte[] {NodeProcess.SUBMIT});
    }

    /**
     * Has a name decided, of nodes of this library: at the node that answered the last time, and if that is gone at the
     * next.
     *
     * @return the place of the node that did
     * @throws IOException if none does for 40 seconds
     */
    int agree(long name) throws IOException {
        return inTurn(ByteBuffer.allocate(1 + Long.BYTES)
                .put((byte) NodeProcess.AGREE)
                .putLong(name)
                .array());
    }

    private int inTurn(byte[] request) throws IOException {
        long begun = System.nanoTime();
        while (!asked(believed, request)) {
            believed = (believed + 1) % sockets.size();
            if (believed == 0) {
                LockSupport.parkNanos(TURN_NANOS);
            }
            if (System.nanoTime() - begun > PATIENCE_NANOS) {
                throw new IOException("no node has answered for 40 seconds");
            }
        }
        return believed;
    }

    /**
     * Has a node of this library begin to hand its office over.
     *
     * @return false if it does not lead, so that it has nothing to hand over
     */
    boolean transfer(int place) {
        return asked(place, new byte[] {NodeProcess.TRANSFER});
    }

    /** Keeps up a load in the process of the node that leads. */
    Speed load(int bytes, int outstanding, int millis) throws IOException {
        submit();
        DataOutputStream out = new DataOutputStream(sockets.get(believed).getOutputStream());
        out.writeByte(NodeProcess.LOAD);
        out.writeInt(bytes);
        out.writeInt(outstanding);
        out.writeInt(millis);
        out.flush();
        DataInputStream in = new DataInputStream(sockets.get(believed).getInputStream());
        return new Speed(in.readDouble(), in.readDouble(), in.readDouble());
    }

    /** Ends a process as a crash does. */
    void kill(int place) {
        processes.get(place).destroyForcibly();
    }

    /** Whether it said yes; a process that is gone does not. */
    private boolean asked(int place, byte[] request) {
        try {
            sockets.get(place).getOutputStream().write(request);
            return sockets.get(place).getInputStream().read() == 1;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        processes.forEach(Process::destroyForcibly);
        for (Process process : processes) {
            process.waitFor();
        }
    }
}
