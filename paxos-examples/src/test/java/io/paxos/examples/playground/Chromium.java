// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A headless Chromium with one page, driven by the Chrome DevTools Protocol. */
final class Chromium implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");
    private static final JsonFactory JSON = new JsonFactory();

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Map<String, Object>>> asked = new ConcurrentHashMap<>();
    private final List<Map<String, Object>> events = new CopyOnWriteArrayList<>();
    private @Nullable String session;

    /** Where a Chromium is, by the system property {@code chromium.path} or on the path. */
    static Optional<Path> installed() {
        String given = System.getProperty("chromium.path");
        if (given != null) {
            return Optional.of(Path.of(given));
        }
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Chromium(Path binary) throws Exception {
        profile = Files.createTempDirectory("chromium");
        // Sandboxes need rights that containers do not give; what is shown comes from this build alone.
        process = new ProcessBuilder(
                        binary.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(listening()), new Heard())
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        String target =
                (String) call("Target.createTarget", "url", "about:blank").get("targetId");
        session = (String) call("Target.attachToTarget", "targetId", target, "flatten", true)
                .get("sessionId");
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable");
        }
    }

    /** Reads what it prints until it says where it listens, and the rest in the background. */
    private String listening() throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder printed = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            printed.append(line).append('\n');
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                Thread rest = new Thread(() -> out.lines().forEach(ignored -> {}), "chromium-output");
                rest.setDaemon(true);
                rest.start();
                return listening.group(1);
            }
        }
        throw new IOException("Chromium does not listen; it printed:\n" + printed);
    }

    private final class Heard implements WebSocket.Listener {

        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                heard(object(message.toString()));
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }

    private void heard(Map<String, Object> message) {
        if (message.get("id") instanceof Number id) {
            CompletableFuture<Map<String, Object>> answer = asked.remove(id.intValue());
            if (answer != null) {
                answer.complete(message);
            }
        } else {
            events.add(message);
        }
    }

    /** Calls a method of the protocol with parameters by their names, and waits for its result. */
    Map<String, Object> call(String method, Object... parameters)
            throws InterruptedException, ExecutionException, TimeoutException {
        int number = numbers.incrementAndGet();
        CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
        asked.put(number, answer);
        socket.sendText(text(number, method, parameters), true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Map<String, Object> message;
        try {
            message = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("Chromium does not answer " + method + " " + List.of(parameters), e);
        }
        if (message.containsKey("error")) {
            throw new AssertionError(method + " failed: " + message.get("error"));
        }
        return map(message.get("result"));
    }

    private String text(int number, String method, Object... parameters) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("id", number);
            json.writeStringField("method", method);
            if (session != null) {
                json.writeStringField("sessionId", session);
            }
            json.writeObjectFieldStart("params");
            for (int i = 0; i < parameters.length; i += 2) {
                json.writeFieldName((String) parameters[i]);
                json.writeRawValue(raw(parameters[i + 1]));
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Numbers, truth values and what is JSON already stand for themselves. */
    private static String raw(Object value) {
        boolean isPlain = !(value instanceof String text) || text.startsWith("[{") || text.startsWith("{\"");
        return isPlain
                ? value.toString()
                : "\"" + String.valueOf(JsonStringEncoder.getInstance().quoteAsString((String) value)) + "\"";
    }

    /** How large the page is, in pixels. */
    void size(int width, int height) throws InterruptedException, ExecutionException, TimeoutException {
        call(
                "Emulation.setDeviceMetricsOverride",
                "width",
                width,
                "height",
                height,
                "deviceScaleFactor",
                1,
                "mobile",
                false);
    }

    /** What the system's user wishes, by the name of a media feature; nothing else is wished for then. */
    void prefer(String feature, String value) throws InterruptedException, ExecutionException, TimeoutException {
        call("Emulation.setEmulatedMedia", "features", "[{\"name\":\"" + feature + "\",\"value\":\"" + value + "\"}]");
    }

    /** Opens a playground's page anew, and waits until it can be used. */
    void open(String url) throws InterruptedException, ExecutionException, TimeoutException {
        call("Page.navigate", "url", "about:blank");
        until("location.href === 'about:blank'");
        call("Page.navigate", "url", url);
        until("document.readyState === 'complete' && document.body.dataset.ready === 'true'");
    }

    /** What a script comes to; a promise is waited for. */
    Object evaluate(String script) throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, Object> answer =
                call("Runtime.evaluate", "expression", script, "awaitPromise", true, "returnByValue", true);
        if (answer.containsKey("exceptionDetails")) {
            throw new AssertionError(script + " failed: " + answer.get("exceptionDetails"));
        }
        return map(answer.get("result")).get("value");
    }

    /** Waits until something is so on the page, which looks at it with every frame that it draws. */
    void until(String condition) throws InterruptedException, ExecutionException, TimeoutException {
        evaluate("new Promise(done => { const look = () => (" + condition
                + ") ? done(true) : requestAnimationFrame(look); look(); })");
    }

    /** Clicks where an element is, as a mouse does. */
    void click(String selector) throws InterruptedException, ExecutionException, TimeoutException {
        evaluate("document.querySelector(`" + selector + "`).scrollIntoView({block: 'center'})");
        String where = "(() => { const r = document.querySelector(`" + selector + "`).getBoundingClientRect();"
                + " return [r.x + r.width / 2, r.y + r.height / 2].join(); })()";
        String[] at = ((String) evaluate(where)).split(",");
        for (String type : List.of("mousePressed", "mouseReleased")) {
            call(
                    "Input.dispatchMouseEvent",
                    "type",
                    type,
                    "x",
                    Double.valueOf(at[0]),
                    "y",
                    Double.valueOf(at[1]),
                    "button",
                    "left",
                    "clickCount",
                    1);
        }
    }

    /** Presses a key and lets it go. */
    void press(String key) throws InterruptedException, ExecutionException, TimeoutException {
        String text = key.length() == 1 ? key : key.equals("Enter") ? "\r" : "";
        call("Input.dispatchKeyEvent", "type", "keyDown", "key", key, "text", text);
        call("Input.dispatchKeyEvent", "type", "keyUp", "key", key);
    }

    /** Nothing has been told of so far. */
    void forget() {
        events.clear();
    }

    /** The parameters of all that Chromium has told of by this name. */
    List<Map<String, Object>> told(String method) {
        return events.stream()
                .filter(event -> method.equals(event.get("method")))
                .map(event -> map(event.get("params")))
                .toList();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(@Nullable Object value) {
        return (Map<String, Object>) value;
    }

    private static Map<String, Object> object(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            return map(value(parser));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, value(parser));
                }
                return map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                return list;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                return parser.getNumberValue();
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return parser.getBooleanValue();
            }
            case VALUE_NULL -> {
                return null;
            }
            default -> {
                return parser.getText();
            }
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        socket.abort();
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        try (Stream<Path> files = Files.walk(profile)) {
            // Its helpers may end a moment later and remove files themselves.
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                file.toFile().delete();
            }
        } catch (UncheckedIOException e) {
            profile.toFile().deleteOnExit();
        }
    }
}
