// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** The first byte of each snapshot that these examples write: in which form the rest is written. */
public final class SnapshotVersion {

    private static final byte CURRENT = 1;

    private SnapshotVersion() {}

    /**
     * Begins a snapshot.
     *
     * @param out where to write it
     * @throws IOException if that fails
     */
    public static void write(DataOutputStream out) throws IOException {
        out.writeByte(CURRENT);
    }

    /**
     * Begins to read a snapshot.
     *
     * @param in where to read it from
     * @throws IOException if that fails, or if the rest is written in a form not known here
     */
    public static void check(DataInputStream in) throws IOException {
        byte version = in.readByte();
        if (version != CURRENT) {
            throw new IOException("a snapshot in form " + version + ", but this jar reads form " + CURRENT
                    + "; run the version of the jar that wrote it");
        }
    }
}
