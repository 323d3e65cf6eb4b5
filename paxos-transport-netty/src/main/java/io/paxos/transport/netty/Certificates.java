// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import java.io.IOException;
import java.security.GeneralSecurityException;

/**
 * Where a node gets its certificate, its key and the CAs that it trusts, for {@link MutualTls}. {@link TlsFiles} reads
 * them from files; implement this for a service that hands them out. It is asked for the version before each handshake
 * and now and then in between, and loads anew when that has changed, so certificates are replaced without a restart.
 *
 * <p>Both methods are called on a thread where they may block, by one thread at a time. While they do, handshakes that
 * have begun wait, for as long as the transport lets a handshake take. What they throw is logged, and what was loaded
 * before stays in use; at the start of the transport it makes the start fail.
 */
public interface Certificates {

    /**
     * What tells the present material from that of another time. Asked often.
     *
     * @return something that equals what was returned before exactly if {@link #load} would return the same again
     * @throws IOException if it cannot be told
     */
    Object version() throws IOException;

    /**
     * Loads the present material.
     *
     * @return certificate, key and trusted CAs
     * @throws IOException if it cannot be read; the message says what, and what to do
     * @throws GeneralSecurityException if it was read and is of no use; the message says why, and what to do
     */
    TlsMaterial load() throws IOException, GeneralSecurityException;

    /**
     * Material that never changes.
     *
     * @param material what to use
     * @return a source of it
     */
    static Certificates fixed(TlsMaterial material) {
        return new Certificates() {
            @Override
            public Object version() {
                return material;
            }

            @Override
            public TlsMaterial load() {
                return material;
            }

            @Override
            public String toString() {
                return "fixed certificates";
            }
        };
    }
}
