package io.paxos.testkit;

import io.paxos.spi.Storage;
import io.paxos.testkit.toy.ToyFault;
import io.paxos.testkit.toy.ToyFileStorage;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Nested;

/** The contract accepts a storage that keeps it, and rejects each way of breaking it. */
class StorageContractTest {

    @Nested
    class AcceptsASoundOne extends StorageContract {
        @Override
        protected Storage open(Path directory) {
            return new ToyFileStorage(directory, EnumSet.noneOf(ToyFault.class));
        }
    }
}
