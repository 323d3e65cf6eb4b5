// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.util.Map;

/**
 * What the nodes of a formed cluster must have in common for their votes to be counted together: the vector it formed
 * with, and the rule that says which sets of voters suffice; 64 bits of both. Where two nodes differ in either, quorums
 * of the one need not meet quorums of the other, so they do not listen to each other (rules 2 and 6). It guards against
 * mistakes; it is no protection against an authenticated node that lies.
 *
 * @param bits the hash; 0 is {@link #NONE}
 */
public record Fingerprint(long bits) {

    /** Of a node that knows of no formed cluster. */
    public static final Fingerprint NONE = new Fingerprint(0);

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /**
     * The fingerprint of a formed cluster. It depends on the content alone and is the same in every process.
     *
     * @param formed the vector with which the cluster formed
     * @param quorums the rule, as the quorum system over the members describes itself
     * @return never {@link #NONE}
     */
    public static Fingerprint of(Membership formed, String quorums) {
        long hash = FNV_OFFSET;
        for (Map.Entry<NodeId, Incarnation> voter : formed.voters().entrySet()) {
            hash = add(hash, voter.getKey().name());
            hash = add(hash, voter.getValue().bits());
        }
        hash = add(hash, quorums);
        hash ^= hash >>> 32;
        return new Fingerprint(hash == 0 ? 1 : hash);
    }

    /** The length goes first, so that no text runs into what follows it. */
    private static long add(long hash, String text) {
        long sum = add(hash, text.length());
        for (int i = 0; i < text.length(); i++) {
            sum = (sum ^ text.charAt(i)) * FNV_PRIME;
        }
        return sum;
    }

    private static long add(long hash, long bits) {
        long sum = hash;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            sum = (sum ^ ((bits >>> shift) & 0xff)) * FNV_PRIME;
        }
        return sum;
    }

    @Override
    public String toString() {
        return bits == 0 ? "none" : Long.toHexString(bits);
    }
}
