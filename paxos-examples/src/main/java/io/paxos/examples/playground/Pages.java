// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** The files of the page, and no others: they are read once, out of the jar. */
final class Pages {

    private static final String SCRIPT = "text/javascript; charset=utf-8";

    private static final Map<String, String> TYPES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "playground.css", "text/css; charset=utf-8",
            "icon.svg", "image/svg+xml",
            "main.js", SCRIPT,
            "run.js", SCRIPT,
            "ring.js", SCRIPT,
            "log.js", SCRIPT,
            "panels.js", SCRIPT,
            "link.js", SCRIPT);

    private final Map<String, Answer> files = new TreeMap<>();

    Pages() {
        TYPES.forEach((name, type) -> files.put("/" + name, new Answer(200, type, bytes(name))));
        files.put("/", files.get("/index.html"));
    }

    private static byte[] bytes(String name) {
        try (InputStream in = Pages.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the file " + name + " of the page is not beside its class");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer answer(String path) {
        Answer file = files.get(path);
        return file == null ? Answer.error(404, "there is no " + path + " here; the page is at /") : file;
    }
}
