// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.spi.Storage;
import io.paxos.testkit.StorageContract;
import java.nio.file.Path;

class FileStorageContractTest extends StorageContract {

    @Override
    protected Storage open(Path directory) {
        return FileStorage.open(
                directory, FileStorageOptions.defaults().blockBytes(512).segmentBytes(4 << 10));
    }
}
