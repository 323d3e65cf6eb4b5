// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;

/**
 * One command as the first replica executed it; every other replica must do the same at the same place.
 *
 * @param context slot, time and identity
 * @param command the marked command
 * @param result the result
 */
public record Execution(ApplyContext context, Payload command, Payload result) {

    /**
     * A digest of all that was executed, this command last.
     *
     * @param before the digest of what was executed before, 0 for nothing
     * @return equal for equal commands, results, slots and times in equal order
     */
    public long digest(long before) {
        long digest = 31 * before + context.slot();
        digest = 31 * digest + context.time().millis();
        digest = 31 * digest + command.hashCode();
        return 31 * digest + result.hashCode();
    }
}
