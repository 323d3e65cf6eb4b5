// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The files and directories of a disk, by number. A copy is cheap: it shares all contents. */
final class Image {

    /** The number of the root directory. */
    static final int ROOT = 0;

    private final Map<Integer, Content> files;
    private final Map<Integer, Map<String, Integer>> directories;

    /** Nothing but an empty root. */
    Image() {
        files = new HashMap<>();
        directories = new HashMap<>();
        directories.put(ROOT, new TreeMap<>());
    }

    private Image(Map<Integer, Content> files, Map<Integer, Map<String, Integer>> directories) {
        this.files = files;
        this.directories = directories;
    }

    Image copy() {
        return new Image(new HashMap<>(files), new HashMap<>(directories));
    }

    boolean isDirectory(int number) {
        return directories.containsKey(number);
    }

    /** The bytes of a file; one that was never written to is empty. */
    Content content(int file) {
        return files.getOrDefault(file, Content.EMPTY);
    }

    /** The entries of a directory, to be read only. */
    Map<String, Integer> entries(int directory) {
        return directories.getOrDefault(directory, Map.of());
    }

    void put(int file, Content content) {
        files.put(file, content);
    }

    void apply(DiskOperation operation) {
        if (operation instanceof DiskOperation.Write write) {
            put(write.file(), content(write.file()).write(write.offset(), write.bytes()));
        } else if (operation instanceof DiskOperation.Resize resize) {
            put(resize.file(), content(resize.file()).resize(resize.size()));
        } else if (operation instanceof DiskOperation.Grow grow) {
            Content content = content(grow.file());
            put(grow.file(), content.resize(Math.max(content.size(), grow.size())));
        } else if (operation instanceof DiskOperation.Link link) {
            link(link.directory(), link.name(), link.number());
            if (link.isDirectory()) {
                directories.putIfAbsent(link.number(), new TreeMap<>());
            }
        } else if (operation instanceof DiskOperation.Unlink unlink) {
            changed(unlink.directory()).remove(unlink.name());
        } else if (operation instanceof DiskOperation.Rename rename) {
            Map<String, Integer> from = changed(rename.from());
            from.remove(rename.oldName(), rename.number());
            link(rename.to(), rename.newName(), rename.number());
        }
    }

    private void link(int directory, String name, int number) {
        changed(directory).put(name, number);
    }

    private Map<String, Integer> changed(int directory) {
        Map<String, Integer> copy = new TreeMap<>(entries(directory));
        directories.put(directory, copy);
        return copy;
    }
}
