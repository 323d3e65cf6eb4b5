// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The inputs of a fuzz target, one a line: a name, a blank, and the bytes in hexadecimal digits. They lie as text beside
 * the target, so that a build replays them and a review can see what was added.
 */
public final class Corpus {

    private static final HexFormat HEX = HexFormat.of();
    private static final String FOUND = "found-";

    /** Of what was found, the shortest inputs up to so many bytes are kept: a repository is no place for more. */
    private static final int KEPT_BYTES = 16 << 10;

    private Corpus() {}

    /**
     * The inputs of a target: the resource with its name and the ending {@code .corpus}, in its package.
     *
     * @param target the class of the target
     * @return name to bytes, in the order of the lines
     * @throws IllegalArgumentException if there is no such resource, or a line of it is no input
     */
    public static Map<String, byte[]> of(Class<?> target) {
        String name = "/" + resource(target);
        try (InputStream in = target.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException(
                        "there is no resource " + name + "; put the inputs of that target there");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }

    private static Map<String, byte[]> parse(String text) {
        Map<String, byte[]> inputs = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int blank = line.indexOf(' ');
            if (blank < 1) {
                throw new IllegalArgumentException(
                        "\"" + line + "\" is no input; write a name, a blank, and hexadecimal digits");
            }
            inputs.put(line.substring(0, blank), HEX.parseHex(line.substring(blank + 1)));
        });
        return inputs;
    }

    /**
     * Holds the corpus of a target to the inputs that its fuzzing must begin with, such as samples of a format; what a
     * fuzzer found stands beside them. With {@code -Dgolden.rewrite=true} they are written into it first, in the module
     * whose tests run.
     *
     * @param target the class of the target
     * @param seeds name to bytes; no name begins with {@code found-}
     * @throws IOException if the file cannot be written
     */
    public static void requireSeeds(Class<?> target, Map<String, byte[]> seeds) throws IOException {
        if (Boolean.getBoolean("golden.rewrite")) {
            Path file = Path.of("src/test/resources", resource(target));
            Map<String, byte[]> all = new LinkedHashMap<>(seeds);
            if (Files.exists(file)) {
                found(parse(Files.readString(file))).forEach(all::put);
            }
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, text(all));
        } else {
            Map<String, byte[]> named = new LinkedHashMap<>(of(target));
            named.keySet().removeIf(name -> name.startsWith(FOUND));
            assertThat(text(named)).as("the named inputs of " + target).isEqualTo(text(seeds));
        }
    }

    /** Puts what a fuzzer found in the place of what one found before. */
    static void keep(Class<?> target, Path resources, Path found) throws IOException {
        Map<String, byte[]> inputs = new LinkedHashMap<>(of(target));
        inputs.keySet().removeIf(name -> name.startsWith(FOUND));
        pack(found, inputs.values()).forEach(inputs::put);
        Files.writeString(resources.resolve(resource(target)), text(inputs));
    }

    private static Map<String, byte[]> found(Map<String, byte[]> inputs) {
        Map<String, byte[]> found = new LinkedHashMap<>(inputs);
        found.keySet().removeIf(name -> !name.startsWith(FOUND));
        return found;
    }

    private static String resource(Class<?> target) {
        return target.getName().replace('.', '/') + ".corpus";
    }

    /**
     * The inputs as text.
     *
     * @param inputs name to bytes; the names hold no blanks
     * @return one line for each, in the order of the map
     */
    public static String text(Map<String, byte[]> inputs) {
        return inputs.entrySet().stream()
                .map(entry -> entry.getKey() + " " + HEX.formatHex(entry.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    /** Writes each input to a file of its own, which is how a fuzzer wants them. */
    static void unpack(Map<String, byte[]> inputs, Path directory) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, byte[]> input : inputs.entrySet()) {
            Files.write(directory.resolve(input.getKey()), input.getValue());
        }
    }

    /** What lies in a directory as files, the shortest first, but for what is known already. */
    private static Map<String, byte[]> pack(Path directory, Collection<byte[]> known) throws IOException {
        NavigableSet<byte[]> contents = new TreeSet<>(
                Comparator.<byte[]>comparingInt(bytes -> bytes.length).thenComparing(Arrays::compare));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                contents.add(Files.readAllBytes(file));
            }
        }
        known.forEach(contents::remove);
        Map<String, byte[]> inputs = new LinkedHashMap<>();
        int bytes = 0;
        for (byte[] content : contents) {
            bytes += content.length;
            if (bytes > KEPT_BYTES) {
                break;
            }
            inputs.put(String.format("%s%04d", FOUND, inputs.size() + 1), content);
        }
        return inputs;
    }
}
