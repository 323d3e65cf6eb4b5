// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.testkit.history.HistoryRecorder;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/**
 * Calls a replica over HTTP and writes down what was asked and what was heard. What the answer leaves open, or that there
 * is none, leaves the call open for ever; only a refusal, or that nobody listened, means that nothing happened.
 */
final class KvClient {

    private final String name;
    private final HistoryRecorder<KvModel.Call, KvModel.Held> recorder;

    KvClient(String name, HistoryRecorder<KvModel.Call, KvModel.Held> recorder) {
        this.name = name;
        this.recorder = recorder;
    }

    /** Makes a call; throws what the HTTP client throws, and has written that down as well. */
    HttpResponse<String> call(KvProcess node, KvModel.Call call) throws IOException, InterruptedException {
        HistoryRecorder<KvModel.Call, KvModel.Held>.Invocation invocation =
                recorder.invoke(name + " at " + node.id(), call);
        HttpResponse<String> answer;
        try {
            answer = send(node, call);
        } catch (ConnectException e) {
            invocation.refused();
            throw e;
        }
        switch (answer.statusCode()) {
            case 200, 409 -> invocation.returned(new KvModel.Held(answer.body(), version(answer)));
            case 204 -> invocation.returned(KvModel.written(version(answer)));
            case 404 -> invocation.returned(new KvModel.Held("", 0));
            case 503 -> invocation.refused();
            default -> invocation.unknown();
        }
        return answer;
    }

    private static HttpResponse<String> send(KvProcess node, KvModel.Call call)
            throws IOException, InterruptedException {
        String path = "/kv/" + call.key();
        if (call instanceof KvModel.Put put) {
            return node.call("PUT", path, put.value());
        }
        if (call instanceof KvModel.PutIf put) {
            return node.call(
                    "PUT", path + "?expect=" + URLEncoder.encode(put.expected(), StandardCharsets.UTF_8), put.value());
        }
        return node.call("GET", path, "");
    }

    /** The version that an answer tells, 0 if it tells none. */
    static long version(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("ETag")
                .map(etag -> Long.parseLong(etag.substring(1, etag.length() - 1)))
                .orElse(0L);
    }
}
