// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import java.nio.charset.StandardCharsets;

/**
 * An answer to a request of the page.
 *
 * @param status the status of HTTP
 * @param type what the body is
 * @param body its bytes; nobody changes them
 */
record Answer(int status, String type, byte[] body) {

    static final String JSON = "application/json";

    /** Why there is no other answer, in one line that says what to do instead. */
    static Answer error(int status, String text) {
        return new Answer(status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static Answer json(byte[] body) {
        return new Answer(200, JSON, body);
    }
}
