// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the playground answers. It keeps nothing for anybody: whoever asks says which run is meant, and the same question
 * has the same answer.
 */
final class PlaygroundRequests {

    private static final int MOST_BODY = 64 << 10;

    private final Set<String> hosts;
    private final Pages pages = new Pages();
    private final Runs runs = new Runs();

    PlaygroundRequests(int port) {
        this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port);
    }

    Answer answer(HttpExchange exchange) throws IOException {
        String trespass = trespass(exchange);
        if (trespass != null) {
            return Answer.error(403, trespass);
        }
        String path = exchange.getRequestURI().getPath();
        return switch (path) {
            case "/api/run" -> isMethod(exchange, "POST") ? run(exchange) : wrongMethod(exchange, "POST");
            case "/api/scenarios" ->
                isMethod(exchange, "GET") ? Answer.json(Scenarios.json(Scenarios.all())) : wrongMethod(exchange, "GET");
            default -> isMethod(exchange, "GET") ? pages.answer(path) : wrongMethod(exchange, "GET");
        };
    }

    /** A name that somebody else has let point to this machine must not lend their page what is answered here. */
    private @Nullable String trespass(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        if (host == null || !hosts.contains(host)) {
            return "this is for pages of this machine only, by one of the names " + hosts + ", not \"" + host + "\"";
        }
        String origin = exchange.getRequestHeaders().getFirst("Origin");
        return origin == null || origin.equals("http://" + host)
                ? null
                : "pages of \"" + origin + "\" have nothing to ask here";
    }

    private Answer run(HttpExchange exchange) throws IOException {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.equals(Answer.JSON)) {
            return Answer.error(415, "a run is asked for as " + Answer.JSON + ", not " + type);
        }
        byte[] body = exchange.getRequestBody().readNBytes(MOST_BODY + 1);
        if (body.length > MOST_BODY) {
            return Answer.error(413, "a request takes at most " + MOST_BODY + " bytes; begin another run");
        }
        try {
            return Answer.json(ChunkJson.of(runs.play(RunRequest.read(body))));
        } catch (IllegalArgumentException e) {
            return Answer.error(400, String.valueOf(e.getMessage()));
        }
    }

    private static boolean isMethod(HttpExchange exchange, String method) {
        return exchange.getRequestMethod().equals(method);
    }

    private static Answer wrongMethod(HttpExchange exchange, String known) {
        return Answer.error(405, exchange.getRequestMethod() + " is not known here; there is " + known);
    }
}
