// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.examples.CommandLineRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the playground answers over HTTP, and to whom. */
class PlaygroundServerTest {

    private static final String QUIET = "{\"seed\":7,\"from\":0,\"to\":200000,\"steps\":[]}";

    private static PlaygroundServer server;
    private static Page page;

    @BeforeAll
    static void open() {
        server = PlaygroundServer.start(0);
        page = new Page(server);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void everyFileThatThePageNamesIsThereAndComesFromHere() throws Exception {
        HttpResponse<String> index = page.get("");
        assertThat(index.statusCode()).isEqualTo(200);
        assertThat(index.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'")
                .contains("script-src 'self';", "style-src 'self';", "connect-src 'self';")
                .doesNotContain("unsafe", "http");
        Matcher named = Pattern.compile("(?:src|href)=\"([^\"#]+)\"").matcher(index.body());
        int files = 0;
        while (named.find()) {
            assertThat(page.get(named.group(1)).statusCode()).as(named.group(1)).isEqualTo(200);
            files++;
        }
        assertThat(files).isGreaterThanOrEqualTo(4);
    }

    @Test
    void everyScriptImportsOnlyWhatIsServed() throws Exception {
        for (String script : new String[] {"main.js", "run.js", "ring.js", "log.js", "panels.js", "link.js"}) {
            HttpResponse<String> answer = page.get(script);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/javascript; charset=utf-8");
            Matcher imported = Pattern.compile("from \"\\./([^\"]+)\"").matcher(answer.body());
            while (imported.find()) {
                assertThat(page.get(imported.group(1)).statusCode())
                        .as("%s imports %s", script, imported.group(1))
                        .isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "../PlaygroundServer.class", "PlaygroundServer.class", "api", "api/run/"})
    void whatIsNoFileOfThePageIsNotThere(String path) throws Exception {
        assertThat(page.get(path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:80", "127.0.0.1.evil.example", "127.0.0.1", "localhost:1"})
    void whoeverComesByAnotherNameIsRefused(String host) throws IOException {
        assertThat(statusLine(host, "")).contains("403");
    }

    @Test
    void thisMachineIsLetInByEachOfItsNames() throws IOException {
        int port = URI.create(server.url()).getPort();
        assertThat(statusLine("127.0.0.1:" + port, "")).contains("200");
        assertThat(statusLine("localhost:" + port, "")).contains("200");
        assertThat(statusLine("localhost:" + port, "Origin: http://localhost:" + port + "\r\n"))
                .contains("200");
        assertThat(statusLine("localhost:" + port, "Origin: http://evil.example\r\n"))
                .contains("403");
    }

    /** By hand, as the client of the JDK does not let anybody choose the host's name. */
    private static String statusLine(String host, String more) throws IOException {
        int port = URI.create(server.url()).getPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + host + "\r\n" + more + "Connection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines().findFirst().orElse("");
        }
    }

    /** Whoever listens on every address also answers on each address of this machine, and on 127.0.0.2 where that is one. */
    @Test
    void onlyThisMachineIsListenedTo() throws Exception {
        assertThat(server.url()).startsWith("http://127.0.0.1:");
        List<InetAddress> others = new ArrayList<>(List.of(InetAddress.getByName("127.0.0.2")));
        NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .forEach(others::add);
        int port = URI.create(server.url()).getPort();
        for (InetAddress other : others) {
            assertThatThrownBy(() -> {
                        try (Socket socket = new Socket()) {
                            socket.connect(new InetSocketAddress(other, port), 2_000);
                        }
                    })
                    .as("%s", other)
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /%2e%2e/PlaygroundServer.class",
                "GET /..%2fPlaygroundServer.class",
                "GET //main.js",
                "GET /main.js%00",
                "GET /api/run/../../etc/passwd"
            })
    void noPathLeadsOutOfThePage(String request) throws IOException {
        assertThat(answer(request, "")).contains(" 404 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"PUT /api/run", "DELETE /", "OPTIONS /api/run", "TRACE /", "HEAD /main.js", "POST /api/scenarios"
            })
    void noOtherMethodDoesAnything(String request) throws IOException {
        assertThat(answer(request, "")).contains(" 405 ");
    }

    /** What pages of others can have a browser send without asking first: a form, plain text, a sandboxed frame. */
    @ParameterizedTest
    @CsvSource({
        "http://evil.example, application/json, 403",
        "null, application/json, 403",
        "http://evil.example, text/plain, 403",
        "'', text/plain, 415",
        "'', application/x-www-form-urlencoded, 415",
        "'', application/json, 200"
    })
    void aPageOfSomebodyElseRunsNothing(String origin, String type, int status) throws IOException {
        String more = (origin.isEmpty() ? "" : "Origin: " + origin + "\r\n") + "Content-Type: " + type
                + "\r\nContent-Length: " + QUIET.length() + "\r\n";
        assertThat(answer("POST /api/run", more, QUIET)).contains(" " + status + " ");
    }

    @Test
    void aBodyThatIsSaidToBeHugeIsRefusedBeforeItIsRead() throws IOException {
        String more = "Content-Type: application/json\r\nContent-Length: 9000000000\r\n";
        assertThat(answer("POST /api/run", more, " ".repeat(70_000))).contains(" 413 ");
    }

    private static String answer(String request, String more) throws IOException {
        return answer(request, more, "");
    }

    /** The first line of what is answered to a request by hand, by one of this machine's names. */
    private static String answer(String request, String more, String body) throws IOException {
        int port = URI.create(server.url()).getPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write((request + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + more
                                    + "Connection: close\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        }
    }

    @Test
    void aRunIsAnsweredAndTheSameEachTime() throws Exception {
        HttpResponse<String> first = page.run(QUIET);
        page.run("{\"seed\":8,\"from\":0,\"to\":200000,\"steps\":[]}");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body()).contains("\"nodes\":{\"n1\":", "\"kind\":\"LIFE\",\"text\":\"starts\"");
        assertThat(page.run(QUIET).body()).isEqualTo(first.body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense | no JSON",
                "[] | START_OBJECT",
                "{\"seed\":\"x\"} | VALUE_NUMBER_INT",
                "{\"sed\":1} | has no \"sed\"",
                "{\"seed\":1,\"steps\":[1]} | a step of a run is",
                "{\"seed\":1,\"steps\":[[1,\"n1 crashes\",2]]} | END_ARRAY",
                "{\"seed\":99999999999999999999} | out of range",
                "{\"seed\":1 | no JSON",
                "{\"seed\":1,\"from\":0,\"to\":9,\"steps\":[[-1,\"n1 crashes\"]]} | in the order of time",
                "{\"seed\":1,\"from\":-1,\"to\":5} | not from -1",
                "{\"seed\":1,\"from\":7,\"to\":5} | not from 7 to 5",
                "{\"seed\":1,\"from\":29999999,\"to\":30000001} | begin another run",
                "{\"seed\":1,\"from\":0,\"to\":2000000} | shown at once",
                "{\"seed\":1,\"from\":0,\"to\":9,\"steps\":[[5,\"n1 crashes\"],[4,\"n1 starts\"]]} | in the order of time",
                "{\"seed\":1,\"from\":0,\"to\":9,\"steps\":[[5,\"n1 dances\"]]} | n1 dances",
                "{\"seed\":1,\"from\":0,\"to\":9,\"steps\":[[5,\"n6 crashes\"]]} | there is no node n6",
            })
    void whatIsNoRunIsRefusedWithAReason(String body, String reason) throws Exception {
        HttpResponse<String> answer = page.run(body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body().lines()).hasSize(1).first().asString().contains(reason);
        assertThat(page.run(QUIET).statusCode()).isEqualTo(200);
    }

    @Test
    void tooMuchIsRefused() throws Exception {
        String step = "[1,\"n1 stands still for 1 ms\"],";
        String many = step.repeat(RunRequest.MOST_STEPS + 1);
        assertThat(page.run("{\"seed\":1,\"from\":0,\"to\":9,\"steps\":[" + many.substring(0, many.length() - 1) + "]}")
                        .body())
                .contains("at most 300 things");
        assertThat(page.run("{\"seed\":1,\"from\":0,\"to\":9,\"steps\":[[1,\"" + "x".repeat(301) + "\"]]}")
                        .body())
                .contains("at most 300 characters");
        assertThat(page.run(" ".repeat(70_000)).statusCode()).isEqualTo(413);
    }

    @Test
    void otherMethodsAndOtherContentsAreRefused() throws Exception {
        assertThat(page.get("api/run").statusCode()).isEqualTo(405);
        assertThat(page.send(page.request("").POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(405);
        assertThat(page.send(page.request("api/run")
                                .header("Content-Type", "text/plain")
                                .POST(HttpRequest.BodyPublishers.ofString(QUIET)))
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void aPortInUseGetsOneClearLine() throws IOException {
        try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> PlaygroundServer.start(occupied.getLocalPort()))
                    .hasMessageContaining("--port")
                    .hasMessageContaining(Integer.toString(occupied.getLocalPort()));
            CommandLineRun run = CommandLineRun.of("playground", "--port", "" + occupied.getLocalPort());
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err().lines()).hasSize(1);
        }
    }
}
