// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * Which node a log prefers: the one that, of all it could have, has the greatest weight for this log (Thaler and
 * Ravishankar, "Using name-based mappings to increase hit rates", 1998). Weights follow from the names alone, so all
 * nodes know them and none has to be told; over many logs each node is preferred by as many as any other, and when a node
 * goes only the logs that preferred it prefer others then, each its own next one.
 */
public final class Rendezvous {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Rendezvous() {}

    /**
     * How much a log prefers a node. Part of what nodes have in common: it is the same in every release.
     *
     * @param group the log
     * @param node the node
     * @return from 0 to {@link Integer#MAX_VALUE}; more is preferred
     */
    public static int weight(GroupId group, NodeId node) {
        long hash = FNV_OFFSET;
        hash = mix(hash, group.name());
        hash = (hash ^ group.generation()) * FNV_PRIME;
        hash = mix(hash, node.name());
        // Names that differ in their last character must not have weights that differ in their last bits only.
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return (int) ((hash ^ (hash >>> 31)) >>> 33);
    }

    /** Names hold no character that ends them, so none runs into the next. */
    private static long mix(long before, String name) {
        long hash = before;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * FNV_PRIME;
        }
        return hash * FNV_PRIME;
    }
}
