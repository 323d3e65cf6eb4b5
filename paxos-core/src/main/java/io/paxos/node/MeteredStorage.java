// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.GroupId;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.Storage;
import io.paxos.spi.StoreMeter;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store whose writes and forces are measured. Safe for the threads that the store itself is safe for. */
final class MeteredStorage implements Storage {

    private final Storage storage;
    private final Instruments instruments;

    /** Measures from now on; to be made before the store is opened. */
    MeteredStorage(Storage storage, Instruments instruments) {
        this.storage = storage;
        this.instruments = instruments;
        storage.meter(new Forces(instruments));
    }

    /** Confined to the thread that writes. */
    private static final class Forces implements StoreMeter {

        private final Instruments instruments;
        private Flight.Forcing forcing = UnrecordedFlight.FORCING;
        private boolean metered;
        private long begun;

        Forces(Instruments instruments) {
            this.instruments = instruments;
        }

        @Override
        public void forceBegins() {
            metered = instruments.metering().isOn();
            begun = metered ? System.nanoTime() : 0;
            forcing = instruments.flight().beginForcing();
        }

        @Override
        public void forceEnds() {
            forcing.ended(instruments.node());
            if (metered) {
                long nanos = System.nanoTime() - begun;
                instruments.metering().tell(meter -> meter.forced(nanos));
            }
        }
    }

    @Override
    public void write(List<Write> batch) throws IOException {
        boolean metered = instruments.metering().isOn();
        long begun = metered ? System.nanoTime() : 0;
        Flight.Writing writing = instruments.flight().beginWriting();
        boolean done = false;
        try {
            storage.write(batch);
            done = true;
        } finally {
            boolean failed = !done;
            writing.ended(instruments.node(), batch.size(), failed);
            if (metered) {
                long nanos = System.nanoTime() - begun;
                instruments.metering().tell(meter -> meter.wrote(batch.size(), nanos, failed));
            }
        }
    }

    @Override
    public RecoveredState recover(StoreOwner owner) throws IOException {
        return storage.recover(owner);
    }

    @Override
    public void idle() throws IOException {
        storage.idle();
    }

    @Override
    public boolean blocks() {
        return storage.blocks();
    }

    @Override
    public SnapshotWriter writeSnapshot(GroupId group, long slot) throws IOException {
        return storage.writeSnapshot(group, slot);
    }

    @Override
    public @Nullable SnapshotReader readSnapshot(GroupId group) throws IOException {
        return storage.readSnapshot(group);
    }

    @Override
    public void close() throws IOException {
        storage.close();
    }
}
