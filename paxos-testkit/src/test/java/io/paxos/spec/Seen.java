// SPDX-License-Identifier: Apache-2.0
package io.paxos.spec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Something that was seen in a run, as {@code LogTrace.tla} names it.
 *
 * @param kind which kind of event it is
 * @param fields what was seen, each as TLA+ text
 */
record Seen(String kind, Map<String, String> fields) {

    static Seen of(String kind) {
        return new Seen(kind, Map.of());
    }

    /** The same with one more field, or another value of it. */
    Seen with(String name, Object value) {
        Map<String, String> changed = new LinkedHashMap<>(fields);
        changed.put(name, value.toString());
        return new Seen(kind, changed);
    }

    boolean is(String otherKind) {
        return kind.equals(otherKind);
    }

    String text(String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("nothing named " + name + " was seen in " + this);
        }
        return value;
    }

    long number(String name) {
        return Long.parseLong(text(name));
    }

    boolean has(String name, Object value) {
        return value.toString().equals(fields.get(name));
    }

    String toTla() {
        return fields.entrySet().stream()
                .map(field -> ", " + field.getKey() + " |-> " + field.getValue())
                .collect(Collectors.joining("", "[k |-> \"" + kind + "\"", "]"));
    }
}
