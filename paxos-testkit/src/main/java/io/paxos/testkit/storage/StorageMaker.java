// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import io.paxos.spi.Storage;
import java.io.IOException;
import java.nio.file.Path;

/** Makes the storage that is under test. */
@FunctionalInterface
public interface StorageMaker {

    /**
     * Makes a storage over a directory, which may not be there yet, and does not recover it.
     *
     * @param directory where it keeps its data
     * @return a new storage
     * @throws IOException if that is impossible
     */
    Storage open(Path directory) throws IOException;
}
