// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the replicas listen for each other, as far as this one knows: what it was started with, and what the log says
 * since. An address that was told with a change of the members is a command of the log like any other, so every replica
 * learns it, a snapshot holds it, and one that is started again knows it again; what the log says goes before what the
 * replica was started with. Safe for any thread.
 */
final class Addresses implements BiConsumer<String, Payload> {

    /** Under such keys the store holds addresses. No HTTP request can name one. */
    static final char RESERVED = '\0';

    private static final String PREFIX = RESERVED + "address/";

    private final Members given;
    private final Map<String, HostPort> told = new ConcurrentSkipListMap<>();

    /** Only what a replica is started with. */
    Addresses(Members given) {
        this.given = given;
    }

    /** What the replica was started with. */
    Members given() {
        return given;
    }

    /** The command that tells all replicas where one of them listens. */
    static KvCommand telling(String id, HostPort address) {
        return new KvCommand(PREFIX + id, Payload.utf8(address.toString()), new KvCommand.Always());
    }

    /** Takes note if what was written to the store is an address. */
    @Override
    public void accept(String key, Payload value) {
        if (key.startsWith(PREFIX)) {
            told.put(key.substring(PREFIX.length()), HostPort.parse(value.toUtf8()));
        }
    }

    /** All that is known, by name. */
    Map<String, HostPort> all() {
        Map<String, HostPort> all = new ConcurrentSkipListMap<>(given.addresses());
        all.putAll(told);
        return all;
    }

    /** What a transport asks before each attempt to connect; null if nothing is known of that node. */
    @Nullable
    InetSocketAddress resolve(NodeId node) {
        HostPort address = told.getOrDefault(node.name(), given.addresses().get(node.name()));
        return address == null ? null : InetSocketAddress.createUnresolved(address.host(), address.port());
    }
}
