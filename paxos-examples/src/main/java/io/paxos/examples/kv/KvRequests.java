// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import com.sun.net.httpserver.HttpExchange;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.node.Consistency;
import io.paxos.node.NodeHealth;
import io.paxos.node.Reading;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Turns HTTP requests into calls of the replica, and what comes of them into replies. Safe for any thread. */
final class KvRequests {

    private static final String KEYS = "/kv/";
    private static final String NAMES = "/agree/";
    private static final String HEALTH = "/health/";

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
                return key(method, key(uri), exchange);
            }
            if (uri.getPath().startsWith(NAMES)) {
                Query.of(uri);
                return agree(method, uri.getPath().substring(NAMES.length()), exchange);
            }
            if (uri.getPath().equals("/admin/transfer")) {
                return transfer(method, uri);
            }
            if (uri.getPath().equals("/admin/members")) {
                return members(method, uri);
            }
            if (uri.getPath().equals("/status")) {
                Query.of(uri);
                return method.equals("GET") ? Reply.json(200, StatusJson.of(node)) : wrongMethod(method, "GET");
            }
            if (uri.getPath().startsWith(HEALTH) || uri.getPath().equals("/metrics")) {
                Query.of(uri);
                return method.equals("GET") ? sight(uri.getPath()) : wrongMethod(method, "GET");
            }
            return nothingAt(uri);
        } catch (CompletionException e) {
            return Reply.failure(e.getCause() == null ? e : e.getCause());
        } catch (IllegalArgumentException | IllegalStateException e) {
            return Reply.failure(e);
        }
    }

    private static Reply nothingAt(URI uri) {
        return Reply.error(
                404,
                "nothing is at " + uri.getPath() + "; there are /kv/KEY, /agree/NAME, /admin/transfer, /admin/members,"
                        + " /status, /health/live, /health/ready and /metrics");
    }

    /** Probes and scrapes, which wait for no call of the cluster. */
    private Reply sight(String path) {
        return switch (path) {
            case "/metrics" -> Reply.text(node.metrics());
            case HEALTH + "live" -> health(node.health(), NodeHealth::isLive);
            case HEALTH + "ready" -> health(node.health(), NodeHealth::isReady);
            default -> Reply.error(404, "nothing is at " + path + "; there are /health/live and /health/ready");
        };
    }

    private static Reply health(NodeHealth health, Predicate<NodeHealth> probe) {
        return Reply.json(probe.test(health) ? 200 : 503, StatusJson.of(health));
    }

    private Reply key(String method, String key, HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        switch (method) {
            case "GET":
                Reading<Optional<KvStore.Entry>> read = node.read(
                                consistency(Query.of(uri, "read").get("read")), key)
                        .join();
                KvStore.Entry entry = read.value().orElse(null);
                Reply found = entry == null ? Reply.error(404, "no value for " + key) : Reply.entry(200, entry);
                return found.at(read.slot());
            case "PUT":
                KvCommand.Condition condition = condition(uri);
                Payload value = body(exchange);
                if (value == null) {
                    return tooLarge();
                }
                Reading<KvStore.Result> put =
                        node.submit(new KvCommand(key, value, condition)).join();
                return written(put.value()).at(put.slot());
            case "DELETE":
                Reading<KvStore.Result> deleted =
                        node.submit(new KvCommand(key, null, condition(uri))).join();
                KvStore.Result result = deleted.value();
                Reply reply = result.done() && result.entry() == null
                        ? Reply.error(404, "no value for " + key)
                        : written(result);
                return reply.at(deleted.slot());
            default:
                return wrongMethod(method, "GET, PUT and DELETE");
        }
    }

    private Consistency consistency(@Nullable String how) {
        if (how == null) {
            return Consistency.linearizable();
        }
        int equals = how.indexOf('=');
        String name = equals < 0 ? how : how.substring(0, equals);
        String value = equals < 0 ? "" : how.substring(equals + 1);
        return switch (name) {
            case "local" -> Consistency.local();
            case "lease" -> Consistency.lease();
            case "bounded" -> Consistency.boundedBy(Duration.ofMillis(number(how, value)));
            case "slot" -> Consistency.atLeast(node.token(number(how, value)));
            default -> throw unknownRead(how);
        };
    }

    private static long number(String how, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw unknownRead(how);
        }
    }

    private static IllegalArgumentException unknownRead(String how) {
        return new IllegalArgumentException(
                "read=" + how + " is not known; there are lease, local, bounded=MS and slot=N");
    }

    private Reply transfer(String method, URI uri) {
        if (!method.equals("POST")) {
            return wrongMethod(method, "POST");
        }
        NodeId leader = node.transfer(Query.of(uri, "to").get("to")).join();
        return Reply.json(200, StatusJson.of("leader", leader.name()));
    }

    private Reply members(String method, URI uri) {
        if (!method.equals("POST")) {
            return wrongMethod(method, "POST");
        }
        MembersRequest request = MembersRequest.parse(Query.of(uri, MembersRequest.PARAMETERS));
        return Reply.json(200, StatusJson.of(node.change(request).join()));
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

    private static KvCommand.Condition condition(URI uri) {
        Query query = Query.of(uri, "expect", "absent");
        String expected = query.get("expect");
        if (query.has("absent")) {
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
        if (key.charAt(0) == Addresses.RESERVED) {
            throw new IllegalArgumentException(
                    "the key begins with the character 0, as only keys of the store itself do; choose another one");
        }
        return key;
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
