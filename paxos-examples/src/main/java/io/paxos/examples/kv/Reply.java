// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.model.Payload;
import io.paxos.node.RefusedException;
import io.paxos.node.UnknownOutcomeException;
import org.jspecify.annotations.Nullable;

/**
 * An answer to an HTTP request.
 *
 * @param status the HTTP status
 * @param contentType of the body
 * @param body may be empty
 * @param version becomes the ETag if it is not 0
 * @param slot becomes Paxos-Slot if it is not negative
 */
record Reply(int status, String contentType, Payload body, long version, long slot) {

    /** One that reflects no slot. */
    Reply(int status, String contentType, Payload body, long version) {
        this(status, contentType, body, version, -1);
    }

    /** The same, and which slot it reflects: a later read may ask for at least that. */
    Reply at(long executed) {
        return new Reply(status, contentType, body, version, executed);
    }

    private static final String JSON = "application/json";
    private static final String BYTES = "application/octet-stream";

    static Reply json(int status, byte[] body) {
        return new Reply(status, JSON, Payload.wrap(body), 0);
    }

    /** What Prometheus reads. */
    static Reply text(String text) {
        return new Reply(200, "text/plain; version=0.0.4; charset=utf-8", Payload.utf8(text), 0);
    }

    static Reply error(int status, String what) {
        return json(status, StatusJson.of("error", what));
    }

    static Reply empty(int status, long version) {
        return new Reply(status, BYTES, Payload.EMPTY, version);
    }

    static Reply bytes(Payload body) {
        return new Reply(200, BYTES, body, 0);
    }

    /** The value that is there, or an empty body if none is. */
    static Reply entry(int status, KvStore.@Nullable Entry entry) {
        return entry == null ? empty(status, 0) : new Reply(status, BYTES, entry.value(), entry.version());
    }

    /** What a call that has no result looks like: the one thing a caller must know is whether it may have had effect. */
    static Reply failure(Throwable problem) {
        if (problem instanceof RefusedException refused) {
            return json(503, StatusJson.of("outcome", "refused", "detail", String.valueOf(refused.getMessage())));
        }
        if (problem instanceof UnknownOutcomeException unknown) {
            return json(504, StatusJson.of("outcome", "unknown", "detail", String.valueOf(unknown.getMessage())));
        }
        if (problem instanceof IllegalArgumentException || problem instanceof IllegalStateException) {
            return error(400, String.valueOf(problem.getMessage()));
        }
        return error(500, problem.toString());
    }
}
