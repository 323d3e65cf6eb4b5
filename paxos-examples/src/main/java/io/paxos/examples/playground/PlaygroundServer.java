// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.paxos.spi.TransportException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of the playground: on the loopback address alone, with few threads and a short queue. */
final class PlaygroundServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PlaygroundServer.class);

    private static final String HOST = "127.0.0.1";

    private static final int THREADS = 4;
    private static final int QUEUE = 64;

    /** Nothing is fetched from anywhere else, nothing is embedded, and no script stands in the page itself. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final PlaygroundRequests requests;

    private PlaygroundServer(HttpServer server) {
        this.server = server;
        this.requests = new PlaygroundRequests(server.getAddress().getPort());
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE),
                task -> {
                    Thread thread = new Thread(task, "playground-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.CallerRunsPolicy());
    }

    /**
     * Listens, and answers from now on.
     *
     * @param port where, or 0 for any free port
     * @throws TransportException if it cannot listen there
     */
    static PlaygroundServer start(int port) {
        // by its number: a JVM that prefers IPv6 has another loopback address, and url() would lead nowhere
        InetSocketAddress address = new InetSocketAddress(HOST, port);
        try {
            PlaygroundServer playground = new PlaygroundServer(HttpServer.create(address, 0));
            playground.server.setExecutor(playground.threads);
            playground.server.createContext("/", playground::handle);
            playground.server.start();
            return playground;
        } catch (IOException e) {
            throw new TransportException(
                    "cannot listen for HTTP on " + address + ": " + e.getMessage() + "; choose a free port with --port",
                    e);
        }
    }

    /** Where the page is. */
    String url() {
        return "http://" + HOST + ":" + server.getAddress().getPort() + "/";
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                answer = requests.answer(exchange);
            } catch (RuntimeException e) {
                LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
                answer = Answer.error(500, e.toString());
            }
            send(exchange, answer);
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", answer.type());
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(answer.status(), answer.body().length);
        exchange.getResponseBody().write(answer.body());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
