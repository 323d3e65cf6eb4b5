// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * One direction of the network between two processes: whoever connects to it is connected to someone else, for as long and
 * as fast as it is told to let bytes through. Safe for any thread; who waits for what it tells is woken through its monitor.
 */
public final class LinkProxy implements AutoCloseable {

    private static final int CHUNK = 16 << 10;
    private static final int SLOW_CHUNK = 2 << 10;
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int CONNECT_MILLIS = 2_000;

    private enum State {
        OPEN,
        SLOW,
        CUT
    }

    private final InetSocketAddress target;
    private final long slowNanos;
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final LongAdder passed = new LongAdder();
    private State state = State.OPEN;
    private boolean closed;
    private long heldBack;
    private int pausing;

    /** Lets everything through, to that port of this machine. */
    public LinkProxy(int port) throws IOException {
        this(port, SLOW_NANOS);
    }

    /** The same with another pause between the pieces of a slow link. */
    LinkProxy(int port, long slowNanos) throws IOException {
        this.slowNanos = slowNanos;
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        thread("accept", this::accept);
    }

    /** Where to connect to. */
    public int port() {
        return server.getLocalPort();
    }

    /** From now on no byte gets through, in either direction of any connection, and no new connection gets anywhere. */
    public void cut() {
        set(State.CUT);
    }

    /** From now on bytes get through in small pieces with long pauses between them. */
    public void slow() {
        set(State.SLOW);
    }

    /** From now on everything gets through; what was held back comes first, unless the connections are broken. */
    public void heal(boolean breakConnections) {
        if (breakConnections) {
            sockets.forEach(LinkProxy::close);
        }
        set(State.OPEN);
    }

    /** How many bytes got through. */
    public long passed() {
        return passed.sum();
    }

    /** How often bytes or connections had to wait because the link was cut. */
    public synchronized long heldBack() {
        return heldBack;
    }

    /** How many pieces wait now because the link is slow. */
    synchronized int pausing() {
        return pausing;
    }

    private synchronized void set(State next) {
        state = next;
        notifyAll();
    }

    /** Waits while the link is cut; how many bytes may pass next, 0 if nothing ever will again. */
    private synchronized int awaitPassage() throws InterruptedException {
        if (state == State.CUT) {
            heldBack++;
            notifyAll();
        }
        while (state == State.CUT && !closed) {
            wait();
        }
        return closed ? 0 : state == State.SLOW ? SLOW_CHUNK : CHUNK;
    }

    /** The same before what has been read is passed on: on a slow link it waits besides, until that is healed or cut. */
    private synchronized int awaitTurn() throws InterruptedException {
        awaitPassage();
        pausing++;
        notifyAll();
        try {
            long end = System.nanoTime() + slowNanos;
            for (long left = slowNanos; left > 0 && state == State.SLOW && !closed; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } finally {
            pausing--;
        }
        return awaitPassage();
    }

    private static void thread(String name, Runnable task) {
        Thread thread = new Thread(task, "link-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket from = server.accept();
                sockets.add(from);
                thread("connect", () -> connect(from));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new IllegalStateException("cannot accept connections on " + server, e);
                }
            }
        }
    }

    private void connect(Socket from) {
        Socket to = new Socket();
        try {
            if (awaitPassage() > 0) {
                to.connect(target, CONNECT_MILLIS);
                sockets.add(to);
                thread("back", () -> pump(to, from));
                pump(from, to);
            }
        } catch (IOException e) {
            end(from, to); // nobody listens there, and whoever asked finds out
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(from, to);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] bytes = new byte[CHUNK];
        try {
            int most = awaitPassage();
            while (most > 0) {
                int count = from.getInputStream().read(bytes, 0, most);
                if (count < 0) {
                    break;
                }
                most = awaitTurn();
                to.getOutputStream().write(bytes, 0, count);
                passed.add(count);
            }
        } catch (IOException e) {
            end(from, to); // one end is gone, so the other one goes too
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(from, to);
        }
    }

    private void end(Socket one, Socket other) {
        close(one);
        close(other);
        sockets.remove(one);
        sockets.remove(other);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("cannot close " + socket, e);
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        server.close();
        sockets.forEach(LinkProxy::close);
    }
}
