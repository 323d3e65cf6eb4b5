// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who has locked which files. Locks are held by processes, as those of an operating system are. */
final class Locks {

    private final Map<Integer, List<CrashLock>> held = new HashMap<>();

    /**
     * Takes a lock.
     *
     * @return the lock, or null if another process holds one in its way
     * @throws OverlappingFileLockException if this very process does
     */
    synchronized @Nullable FileLock take(CrashLock lock) {
        List<CrashLock> others = held.computeIfAbsent(lock.file(), f -> new ArrayList<>());
        for (CrashLock other : others) {
            if (other.overlaps(lock.position(), lock.size())) {
                if (other.process() == lock.process()) {
                    throw new OverlappingFileLockException();
                }
                if (!other.isShared() || !lock.isShared()) {
                    return null;
                }
            }
        }
        others.add(lock);
        return lock;
    }

    synchronized void release(CrashLock lock) {
        held.getOrDefault(lock.file(), List.of()).remove(lock);
    }

    synchronized boolean holds(CrashLock lock) {
        return held.getOrDefault(lock.file(), List.of()).contains(lock);
    }

    /** What a process does to its locks by closing a channel. */
    synchronized void releaseAll(CrashChannel channel) {
        held.values().forEach(locks -> locks.removeIf(lock -> lock.acquiredBy() == channel));
    }
}
