// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.museum;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A unified diff, applied without any leniency but one: a hunk may have moved, as long as its text stands in the file exactly
 * once. A plant that no longer fits must be looked at by someone, not bent into place.
 *
 * @param files the hunks, by the path of the file, from the root of the repository
 */
record Patch(Map<String, List<Hunk>> files) {

    private static final Pattern HUNK = Pattern.compile("@@ -\\d+(?:,(\\d+))? \\+\\d+(?:,(\\d+))? @@.*");

    /** Lines that must stand there, and what stands there afterwards. */
    record Hunk(List<String> before, List<String> after) {}

    /**
     * Reads a patch behind any header.
     *
     * @throws IllegalArgumentException if there is none, or its counts of lines are wrong
     */
    static Patch parse(List<String> lines) {
        Map<String, List<Hunk>> files = new LinkedHashMap<>();
        List<Hunk> hunks = null;
        for (int i = 0; i < lines.size(); ) {
            String line = lines.get(i++);
            Matcher head = HUNK.matcher(line);
            if (line.startsWith("+++ b/")) {
                hunks = files.computeIfAbsent(line.substring("+++ b/".length()), path -> new ArrayList<>());
            } else if (head.matches() && hunks != null) {
                List<String> body = new ArrayList<>();
                while (i < lines.size()
                        && !lines.get(i).isEmpty()
                        && " -+".indexOf(lines.get(i).charAt(0)) >= 0
                        && !lines.get(i).startsWith("--- a/")) {
                    body.add(lines.get(i++));
                }
                hunks.add(hunk(line, body, count(head.group(1)), count(head.group(2))));
            }
        }
        if (files.isEmpty() || files.values().stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("no unified diff, or one without hunks");
        }
        return new Patch(files);
    }

    private static int count(String group) {
        return group == null ? 1 : Integer.parseInt(group);
    }

    private static Hunk hunk(String head, List<String> body, int before, int after) {
        Hunk hunk = new Hunk(side(body, '+'), side(body, '-'));
        if (hunk.before.size() != before || hunk.after.size() != after) {
            throw new IllegalArgumentException(
                    "'" + head + "' is followed by " + hunk.before.size() + " and " + hunk.after.size() + " lines");
        }
        return hunk;
    }

    private static List<String> side(List<String> body, char other) {
        return body.stream()
                .filter(line -> line.charAt(0) != other)
                .map(line -> line.substring(1))
                .toList();
    }

    /**
     * Writes the changed files, and nothing else.
     *
     * @param root the root of the repository, which stays as it is
     * @param target where the changed files go, under their paths
     * @return the changed files
     * @throws IOException if a file cannot be read or written
     * @throws IllegalStateException if the text of a hunk stands in the file never or more than once
     */
    List<Path> apply(Path root, Path target) throws IOException {
        List<Path> changed = new ArrayList<>();
        for (Map.Entry<String, List<Hunk>> file : files.entrySet()) {
            List<String> text = Files.readAllLines(root.resolve(file.getKey()));
            for (Hunk hunk : file.getValue()) {
                text = replaced(file.getKey(), text, hunk);
            }
            Path copy = target.resolve(file.getKey());
            Files.createDirectories(copy.resolveSibling("."));
            changed.add(Files.write(copy, text));
        }
        return changed;
    }

    private static List<String> replaced(String path, List<String> text, Hunk hunk) {
        List<Integer> places = new ArrayList<>();
        for (int at = 0; at + hunk.before.size() <= text.size(); at++) {
            if (text.subList(at, at + hunk.before.size()).equals(hunk.before)) {
                places.add(at);
            }
        }
        if (places.size() != 1) {
            throw new IllegalStateException("the code has changed: these lines stand " + places.size() + " times in "
                    + path + "; make the patch anew.\n" + String.join("\n", hunk.before));
        }
        int at = places.get(0);
        List<String> result = new ArrayList<>(text.subList(0, at));
        result.addAll(hunk.after);
        result.addAll(text.subList(at + hunk.before.size(), text.size()));
        return result;
    }
}
