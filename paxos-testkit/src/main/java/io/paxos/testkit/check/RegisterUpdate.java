// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.RegisterChange;
import io.paxos.event.RequestId;
import io.paxos.model.Payload;
import org.jspecify.annotations.Nullable;

/** What the callers of a run have computed of a register: each appends its own number, and forgets what lies far back. */
public final class RegisterUpdate {

    private static final int KEPT = 12;
    private static final int LEAVES = 8;

    private RegisterUpdate() {}

    /**
     * The same for the same call and value.
     *
     * @param request the call
     * @param found the value, or null if there is none
     * @return what to set, or null to leave what is there
     */
    public static RegisterChange.@Nullable Assign of(RequestId request, @Nullable Payload found) {
        if (request.number() % LEAVES == 0) {
            return null;
        }
        String text = found == null ? "" : found.toUtf8();
        String kept = text.substring(Math.max(0, text.length() - KEPT));
        return new RegisterChange.Assign(Payload.utf8(kept + "+" + request.number()));
    }
}
