// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Keeps what a measurement came to, all rounds of it, for whoever wants to compare it with another run's. */
final class ComparisonJson {

    /** What goes between the braces of the file. */
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private ComparisonJson() {}

    /** Writes the file, whose directory is created if it is missing. */
    static void write(Path file, Comparison comparison) throws IOException {
        write(file, json -> {
            json.writeArrayFieldStart("results");
            for (Contestant contestant : comparison.contestants()) {
                for (Map.Entry<Comparison.Key, LoadRounds> result :
                        comparison.results().entrySet()) {
                    if (result.getKey().name().equals(contestant.name())) {
                        write(json, contestant, result.getKey(), result.getValue());
                    }
                }
            }
            json.writeEndArray();
            json.writeObjectFieldStart("failures");
            for (Map.Entry<String, Exception> failure : comparison.failures().entrySet()) {
                json.writeStringField(failure.getKey(), failure.getValue().toString());
            }
            json.writeEndObject();
        });
    }

    /** Writes the file, with the machine before what is given. */
    static void write(Path file, Body body) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (JsonGenerator json = new JsonFactory()
                .createGenerator(file.toFile(), JsonEncoding.UTF8)
                .useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeNumberField("processors", Runtime.getRuntime().availableProcessors());
            json.writeStringField("java", Runtime.version().toString());
            json.writeStringField("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
            body.write(json);
            json.writeEndObject();
        }
        System.out.printf("%nThe figures of all rounds: %s%n", file);
    }

    private static void write(JsonGenerator json, Contestant contestant, Comparison.Key key, LoadRounds rounds)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("name", key.name());
        json.writeStringField("log", contestant.log());
        json.writeStringField("reference", contestant.reference());
        json.writeNumberField("bytes", key.bytes());
        json.writeNumberField("outstanding", key.outstanding());
        write(json, rounds);
        json.writeEndObject();
    }

    /** All rounds of a load, each kind of figure in order of size. */
    static void write(JsonGenerator json, LoadRounds rounds) throws IOException {
        for (Map.Entry<String, Rounds> each : rounds.named().entrySet()) {
            write(json, each.getKey(), each.getValue());
        }
    }

    static void write(JsonGenerator json, String name, Rounds rounds) throws IOException {
        json.writeFieldName(name);
        double[] sorted = rounds.sorted();
        json.writeStartArray(sorted, sorted.length);
        for (double each : sorted) {
            json.writeNumber(Math.round(each * 1e4) / 1e4);
        }
        json.writeEndArray();
    }
}
