// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The stores of a cluster that has formed, into which tests write what nodes might have written. */
final class OldCluster implements AutoCloseable {

    static final ClusterName NAME = new ClusterName("orders");
    static final FileStorageOptions SMALL =
            FileStorageOptions.defaults().blockBytes(512).segmentBytes(4096);

    private final Path directory;
    private final Map<String, FileStorage> stores = new TreeMap<>();
    private final Membership formed;

    OldCluster(Path directory, String... names) throws IOException {
        this.directory = directory;
        TreeMap<NodeId, Incarnation> vector = new TreeMap<>();
        for (String name : names) {
            vector.put(NodeId.of(name), open(name));
        }
        formed = new Membership(vector);
        for (String name : names) {
            write(name, new Write.FormationWrite(formed, formed, List.of()));
        }
    }

    /** Opens a store, once more if it was open, and answers its identity. */
    Incarnation open(String name) throws IOException {
        FileStorage former = stores.remove(name);
        if (former != null) {
            former.close();
        }
        FileStorage storage = FileStorage.open(path(name), SMALL);
        stores.put(name, storage);
        return storage.recover(new StoreOwner(NAME, NodeId.of(name))).incarnation();
    }

    Membership formed() {
        return formed;
    }

    Endpoint endpoint(String name) {
        return new Endpoint(
                NodeId.of(name), Objects.requireNonNull(formed.voters().get(NodeId.of(name))));
    }

    Path path(String name) {
        return directory.resolve("old").resolve(name);
    }

    FileStorage storage(String name) {
        return Objects.requireNonNull(stores.get(name), name);
    }

    void write(String name, Write... writes) throws IOException {
        storage(name).write(List.of(writes));
    }

    List<Path> paths(String... names) {
        return Arrays.stream(names).map(this::path).toList();
    }

    @Override
    public void close() throws IOException {
        for (FileStorage storage : stores.values()) {
            storage.close();
        }
        stores.clear();
    }
}
