// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A JSON object as a client reads it: its fields, and of nested ones only the names or elements. */
record Status(Map<String, String> fields, Map<String, List<String>> nested) {

    static Status parse(String json) {
        Map<String, String> fields = new HashMap<>();
        Map<String, List<String>> nested = new HashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("no object: " + json);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken().isStructStart()) {
                    nested.put(name, elements(parser));
                } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
                    fields.put(name, parser.getText());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
        return new Status(fields, nested);
    }

    private static List<String> elements(JsonParser parser) throws IOException {
        List<String> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); !token.isStructEnd(); token = parser.nextToken()) {
            if (token.isStructStart()) {
                parser.skipChildren();
            } else {
                elements.add(parser.getText());
            }
        }
        return elements;
    }

    boolean has(String field) {
        return fields.containsKey(field);
    }

    String text(String field) {
        return fields.getOrDefault(field, "");
    }

    long number(String field) {
        return Long.parseLong(fields.get(field));
    }

    List<String> names(String field) {
        return nested.getOrDefault(field, List.of());
    }
}
