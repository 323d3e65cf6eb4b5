// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.GroupId;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import io.paxos.wire.WriteCodec;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * What tells two values apart without keeping them: the first half of the SHA-256 of their encoded form.
 *
 * @param high its first 64 bits
 * @param low its second 64 bits
 */
record ValueDigest(long high, long low) {

    static ValueDigest of(GroupId group, Value value) {
        byte[] bytes = WriteCodec.encode(new Write.LearnWrite(group, 1, List.of(value)));
        ByteBuffer digest = ByteBuffer.wrap(sha256().digest(bytes));
        return new ValueDigest(digest.getLong(), digest.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return String.format("%016x", high);
    }
}
