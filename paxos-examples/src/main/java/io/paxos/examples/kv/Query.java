// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a request, each of which its endpoint knows: one that it would ignore may have been meant. */
final class Query {

    private final Map<String, String> values;

    private Query(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads the parameters.
     *
     * @param known those that the endpoint has
     * @throws IllegalArgumentException if there is another one, or one twice
     */
    static Query of(URI uri, String... known) {
        Map<String, String> values = new LinkedHashMap<>();
        String query = uri.getRawQuery();
        for (String part : query == null ? new String[0] : query.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            String value = equals < 0 ? "" : URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8);
            if (!List.of(known).contains(name)) {
                throw new IllegalArgumentException("the parameter \"" + name + "\" is not known at " + uri.getPath()
                        + "; there " + (known.length == 0 ? "is none" : "may be " + String.join(", ", known)));
            }
            if (values.put(name, value) != null) {
                throw new IllegalArgumentException("the parameter " + name + " is given twice; give it once");
            }
        }
        return new Query(values);
    }

    /** The value of a parameter, or null. */
    @Nullable
    String get(String name) {
        return values.get(name);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }
}
