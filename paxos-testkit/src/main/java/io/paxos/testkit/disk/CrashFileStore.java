// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

import java.nio.file.FileStore;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import org.jspecify.annotations.Nullable;

/** The device under a {@link CrashFileSystem}: as large as anybody asks, however soon it may turn out to be full. */
final class CrashFileStore extends FileStore {

    private static final long SPACE = 1L << 40;

    @Override
    public String name() {
        return "crash";
    }

    @Override
    public String type() {
        return "memory";
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public long getTotalSpace() {
        return SPACE;
    }

    @Override
    public long getUsableSpace() {
        return SPACE;
    }

    @Override
    public long getUnallocatedSpace() {
        return SPACE;
    }

    @Override
    public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
        return type.getSimpleName().equals("BasicFileAttributeView");
    }

    @Override
    public boolean supportsFileAttributeView(String name) {
        return name.equals("basic");
    }

    @Override
    public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
        return null;
    }

    @Override
    public Object getAttribute(String attribute) {
        throw new UnsupportedOperationException("this file store has no attribute " + attribute);
    }
}
