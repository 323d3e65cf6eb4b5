// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.CommandId;
import io.paxos.model.Payload;
import io.paxos.model.StateDigest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

/**
 * Sums up what is executed, stretch by stretch, each for itself: so a replica that begins in the middle, from a snapshot,
 * takes part from the next stretch on, and nothing of it need be kept in snapshots.
 */
final class RollingDigest {

    private final int length;
    private final CRC32C sum = new CRC32C();
    private final ByteBuffer numbers = ByteBuffer.allocate(4 * Long.BYTES);
    private List<StateDigest> found = new ArrayList<>();
    private boolean isWhole = true;

    /** @param length of how many slots each stretch is, or 0 if nothing is to be summed up */
    RollingDigest(int length) {
        if (length < 0) {
            throw new IllegalArgumentException("states can be compared every so many slots, at least 1, or never if 0,"
                    + " but not every " + length);
        }
        this.length = length;
    }

    /** A command has been executed. */
    void executed(long slot, CommandId command, Payload result) {
        if (length == 0 || !isWhole) {
            return;
        }
        numbers.clear()
                .putLong(slot)
                .putLong(command.session())
                .putLong(command.sequence())
                .putLong(result.size());
        sum.update(numbers.flip());
        sum.update(result.unwrap());
    }

    /**
     * A slot lies behind, whatever was in it.
     *
     * @param state what the state machine says of its state; asked for at the end of a stretch
     */
    void passed(long slot, LongSupplier state) {
        if (length == 0 || slot % length != 0) {
            return;
        }
        if (isWhole) {
            numbers.clear().putLong(state.getAsLong());
            sum.update(numbers.flip());
            found.add(new StateDigest(slot, length, (int) sum.getValue()));
        }
        begin(true);
    }

    /** A snapshot has put everything up to a slot behind. */
    void restored(long slot) {
        begin(length != 0 && slot % length == 0);
    }

    private void begin(boolean whole) {
        isWhole = whole;
        sum.reset();
    }

    /** The stretches that have come to their ends since the last call. */
    List<StateDigest> take() {
        if (found.isEmpty()) {
            return List.of();
        }
        List<StateDigest> taken = found;
        found = new ArrayList<>();
        return taken;
    }
}
