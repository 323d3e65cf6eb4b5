// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.runbooks;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** A {@link LoneNode} of another class loader. */
final class OldNode implements AutoCloseable {

    private final Object node;

    OldNode(Object node) {
        this.node = node;
    }

    @SuppressWarnings("unchecked")
    CompletableFuture<Long> submit(String note) {
        return ((Function<String, CompletableFuture<Long>>) node).apply(note);
    }

    int port() {
        return ((IntSupplier) node).getAsInt();
    }

    @Override
    public void close() throws Exception {
        ((AutoCloseable) node).close();
    }
}
