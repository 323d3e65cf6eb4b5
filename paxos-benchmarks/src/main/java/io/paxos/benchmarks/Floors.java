// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** The wire floors of one run, closed together. */
final class Floors implements AutoCloseable {

    private final List<WireFloor> floors = new ArrayList<>();

    /** One more, for frames of a size, with as many followers as the clusters here have. */
    WireFloor with(int frameBytes) {
        WireFloor floor = new WireFloor(LocalCluster.NAMES.size() - 1, frameBytes);
        floors.add(floor);
        return floor;
    }

    @Override
    public void close() {
        floors.forEach(WireFloor::close);
    }
}
