// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.SnapshotInfo;
import java.nio.file.Path;

/**
 * A finished snapshot.
 *
 * @param path where it lies
 * @param head what its beginning says
 * @param info what its end says
 */
record SnapshotFile(Path path, SnapshotFormat.Head head, SnapshotInfo info) {}
