// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * What is known about a file or directory.
 *
 * @param fileKey its number
 * @param isDirectory whether it is a directory
 * @param size its size in bytes
 */
record CrashAttributes(Integer fileKey, boolean isDirectory, long size) implements BasicFileAttributes {

    private static final FileTime NO_TIME = FileTime.fromMillis(0);

    @Override
    public FileTime lastModifiedTime() {
        return NO_TIME;
    }

    @Override
    public FileTime lastAccessTime() {
        return NO_TIME;
    }

    @Override
    public FileTime creationTime() {
        return NO_TIME;
    }

    @Override
    public boolean isRegularFile() {
        return !isDirectory;
    }

    @Override
    public boolean isSymbolicLink() {
        return false;
    }

    @Override
    public boolean isOther() {
        return false;
    }

    Map<String, Object> byName() {
        return Map.of(
                "size",
                size,
                "isDirectory",
                isDirectory,
                "isRegularFile",
                isRegularFile(),
                "isSymbolicLink",
                false,
                "isOther",
                false,
                "fileKey",
                fileKey,
                "lastModifiedTime",
                NO_TIME,
                "lastAccessTime",
                NO_TIME,
                "creationTime",
                NO_TIME);
    }
}
