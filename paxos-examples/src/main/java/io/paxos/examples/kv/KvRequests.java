package io.paxos.examples.kv;

import com.sun.net.httpserver.HttpExchange;
import io.paxos.model.Payload;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Turns HTTP requests into calls of the replica, and what comes of them into replies. Safe for any thread. */
final class KvRequests {

    private static final String KEYS = "/kv/";
    private static final String NAMES = "/agree/";

    private final KvNode node;

    KvRequests(KvNode node) {
        this.node = node;
    }

    /** Answers one request; waits for the cluster as long as the node's deadline allows. */
    Reply answer(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        String method = exchange.getRequestMethod();
        try {
            if (uri.getPath().startsWith(KEYS)) {
                return key(method, key(uri), parameters(uri), exchange);
            }
            if (uri.getPath().startsWith(NAMES)) {
                return agree(method, uri.getPath().substring(NAMES.length()), exchange);
            }
            if (uri.getPath().equals("/status")) {
                return method.equals("GET") ? Reply.json(200, StatusJson.of(node)) : wrongMethod(method, "GET");
            }
            return Reply.error(404, "nothing is at " + uri.getPath() + "; there are /kv/KEY, /agree/NAME and /status");
        } catch (CompletionException e) {
            return Reply.failure(e.getCause() == null ? e : e.getCause());
        } catch (IllegalArgumentException e) {
            return Reply.failure(e);
        }
    }

    private Reply key(String method, String key, Map<String, String> parameters, HttpExchange exchange)
            throws IOException {
        switch (method) {
            case "GET":
                CompletableFuture<Optional<KvStore.Entry>> read =
                        "local".equals(parameters.get("read")) ? node.readLocal(key) : node.read(key);
                KvStore.Entry entry = read.join().orElse(null);
                return entry == null ? Reply.error(404, "no value for " + key) : Reply.entry(200, entry);
            case "PUT":
                Payload value = body(exchange);
                if (value == null) {
                    return tooLarge();
                }
                return written(node.submit(new KvCommand(key, value, condition(parameters)))
                        .join());
            case "DELETE":
                KvStore.Result result = node.submit(new KvCommand(key, null, condition(parameters)))
                        .join();
                return result.done() && result.entry() == null
                        ? Reply.error(404, "no value for " + key)
                        : written(result);
            default:
                return wrongMethod(method, "GET, PUT and DELETE");
        }
    }

    private static Reply written(KvStore.Result result) {
        if (!result.done()) {
            return Reply.entry(409, result.entry());
        }
        return Reply.empty(204, result.entry() == null ? 0 : result.entry().version());
    }

    private Reply agree(String method, String name, HttpExchange exchange) throws IOException {
        if (!method.equals("POST")) {
            return wrongMethod(method, "POST");
        }
        Payload value = body(exchange);
        return value == null ? tooLarge() : Reply.bytes(node.agree(name, value).join());
    }

    private static KvCommand.Condition condition(Map<String, String> parameters) {
        String expected = parameters.get("expect");
        if (parameters.containsKey("absent")) {
            if (expected != null) {
                throw new IllegalArgumentException("expect and absent exclude each other; give one of them");
            }
            return new KvCommand.Absent();
        }
        return expected == null ? new KvCommand.Always() : new KvCommand.Expect(Payload.utf8(expected));
    }

    private static String key(URI uri) {
        String key = uri.getPath().substring(KEYS.length());
        int bytes = key.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > KvNode.MAX_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a key takes 1 to " + KvNode.MAX_KEY_BYTES + " bytes of UTF-8, but this one takes " + bytes);
        }
        return key;
    }

    private static Map<String, String> parameters(URI uri) {
        Map<String, String> parameters = new LinkedHashMap<>();
        String query = uri.getRawQuery();
        if (query == null) {
            return parameters;
        }
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            String value = equals < 0 ? "" : URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8);
            switch (name) {
                case "expect", "absent", "read" -> parameters.put(name, value);
                default ->
                    throw new IllegalArgumentException(
                            "the parameter \"" + name + "\" is not known; there are expect, absent and read");
            }
        }
        return parameters;
    }

    /** The body, or null if it is larger than a value may be; no more than that is read. */
    private static @Nullable Payload body(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(KvNode.MAX_VALUE_BYTES + 1);
        return bytes.length > KvNode.MAX_VALUE_BYTES ? null : Payload.wrap(bytes);
    }

    private static Reply tooLarge() {
        return Reply.error(413, "a value takes at most " + KvNode.MAX_VALUE_BYTES + " bytes");
    }

    private static Reply wrongMethod(String method, String known) {
        return Reply.error(405, method + " is not known here; there is " + known);
    }
}
