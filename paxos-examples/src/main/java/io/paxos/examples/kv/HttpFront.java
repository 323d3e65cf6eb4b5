// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.paxos.model.Payload;
import io.paxos.spi.TransportException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: a fixed number of threads and a queue of fixed length. When both are full, the one thread that
 * accepts requests answers one itself, so that the next ones wait in the sockets of those who ask.
 */
final class HttpFront implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);
    private static final int THREADS = 32;
    private static final int QUEUE = 128;
    private static final int MAX_REQUEST_SECONDS = 30;

    static {
        // A client that sends its request byte by byte must not hold a thread for ever. In seconds; the server of the
        // JDK takes it from here only.
        System.setProperty("sun.net.httpserver.maxReqTime", Integer.toString(MAX_REQUEST_SECONDS));
    }

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final KvRequests requests;

    private HttpFront(HttpServer server, KvRequests requests) {
        this.server = server;
        this.requests = requests;
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE),
                task -> {
                    Thread thread = new Thread(task, "http-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.CallerRunsPolicy());
    }

    /** Listens, and answers from now on. */
    static HttpFront start(InetSocketAddress address, KvRequests requests) {
        try {
            HttpFront front = new HttpFront(HttpServer.create(address, 0), requests);
            front.server.setExecutor(front.threads);
            front.server.createContext("/", front::handle);
            front.server.start();
            return front;
        } catch (IOException e) {
            throw new TransportException(
                    "cannot listen for HTTP on " + address + ": " + e.getMessage() + "; choose a free port with --http",
                    e);
        }
    }

    /** Where it listens, with the port that was found if 0 was asked for. */
    InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply;
            try {
                reply = requests.answer(exchange);
            } catch (RuntimeException e) {
                LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
                reply = Reply.failure(e);
            }
            send(exchange, reply);
        }
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        if (reply.version() != 0) {
            exchange.getResponseHeaders().set("ETag", "\"" + reply.version() + "\"");
        }
        if (reply.slot() >= 0) {
            exchange.getResponseHeaders().set("Paxos-Slot", Long.toString(reply.slot()));
        }
        Payload body = reply.body();
        if (body.size() == 0) {
            exchange.sendResponseHeaders(reply.status(), -1);
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        exchange.sendResponseHeaders(reply.status(), body.size());
        exchange.getResponseBody().write(body.toByteArray());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
