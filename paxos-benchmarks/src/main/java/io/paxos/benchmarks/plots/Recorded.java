// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.plots;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of figures, as the measurements write them: the machine, and either one list of rounds for each name, or results,
 * each of which has words and numbers that say what was measured, and a list of rounds for each kind of figure.
 *
 * @param file its name, for captions and complaints
 * @param facts the words and numbers beside the figures
 * @param figures the lists of rounds
 * @param lists the same as they stand in the file, for those whose order means something
 * @param results what was measured
 */
record Recorded(
        String file,
        Map<String, String> facts,
        Map<String, Spread> figures,
        Map<String, List<Double>> lists,
        List<Recorded> results) {

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read, or is no such file
     */
    static Recorded read(Path file) throws IOException {
        try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException(file + " should begin with a brace; write it anew with --json");
            }
            return object(String.valueOf(file.getFileName()), json);
        }
    }

    private static Recorded object(String file, JsonParser json) throws IOException {
        Recorded read = new Recorded(
                file, new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>());
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (token == JsonToken.START_ARRAY) {
                read.array(name, json);
            } else if (token == JsonToken.START_OBJECT) {
                json.skipChildren();
            } else {
                read.facts.put(name, json.getText());
            }
        }
        return read;
    }

    private void array(String name, JsonParser json) throws IOException {
        List<Double> rounds = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                results.add(object(file, json));
            } else {
                rounds.add(json.getDoubleValue());
            }
        }
        if (!rounds.isEmpty()) {
            figures.put(name, Spread.of(rounds));
            lists.put(name, rounds);
        }
    }

    /**
     * The figures of one result.
     *
     * @throws IllegalArgumentException if there is none
     */
    Recorded result(String name, int bytes, int outstanding) {
        return results.stream()
                .filter(each -> name.equals(each.facts.get("name"))
                        && Integer.toString(bytes).equals(each.facts.get("bytes"))
                        && Integer.toString(outstanding).equals(each.facts.get("outstanding")))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(file + " has nothing of " + name + " with " + bytes
                        + " bytes and " + outstanding + " outstanding; record it with them"));
    }

    /** All results of this name, in the order of the file: the rounds of what has an order within each. */
    List<Recorded> rounds(String name) {
        List<Recorded> rounds = results.stream()
                .filter(each -> name.equals(each.facts.get("name")))
                .toList();
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException(file + " has nothing of " + name + "; record it with that");
        }
        return rounds;
    }

    /** Who was measured, in the order of the file, each once. */
    List<String> names() {
        return results.stream()
                .map(each -> each.facts.getOrDefault("name", "?"))
                .distinct()
                .toList();
    }

    /**
     * Numbers in the order of the file.
     *
     * @throws IllegalArgumentException if there are none
     */
    List<Double> list(String name) {
        List<Double> list = lists.get(name);
        if (list == null) {
            throw new IllegalArgumentException(file + " has no " + name + ", but " + lists.keySet());
        }
        return list;
    }

    /**
     * All rounds of one figure.
     *
     * @throws IllegalArgumentException if there is none
     */
    Spread figure(String name) {
        Spread figure = figures.get(name);
        if (figure == null) {
            throw new IllegalArgumentException(file + " has no " + name + ", but " + figures.keySet());
        }
        return figure;
    }
}
