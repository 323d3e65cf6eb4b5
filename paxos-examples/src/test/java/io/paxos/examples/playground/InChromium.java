// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * Tests of the page in a real browser. Where there is none they are passed over, unless {@code CHROMIUM_REQUIRED=true} in
 * the environment says that there must be one.
 */
abstract class InChromium {

    /** What every store holds, slot by slot, and what is chosen, as the grid shows it. */
    static final String GRID = "[...document.querySelectorAll('#log tr')].map(r => r.innerText).join('\\n')";

    static final String RING =
            "[...document.querySelectorAll('.node')].map(n => n.dataset.role + n.textContent).join('\\n')";

    static PlaygroundServer server;
    static Chromium chromium;

    @BeforeAll
    static void open() throws Exception {
        Optional<Path> installed = Chromium.installed();
        if (Boolean.parseBoolean(System.getenv("CHROMIUM_REQUIRED"))) {
            assertThat(installed)
                    .as("chromium, chromium-browser or google-chrome on the path, or -Dchromium.path, as"
                            + " CHROMIUM_REQUIRED=true demands")
                    .isPresent();
        }
        assumeTrue(
                installed.isPresent(),
                "no chromium, chromium-browser or google-chrome on the path, so the page is not tried in a browser;"
                        + " install one, or name it with -Dchromium.path");
        server = PlaygroundServer.start(0);
        chromium = new Chromium(installed.get());
        chromium.size(1440, 1000);
    }

    @AfterAll
    static void close() throws Exception {
        if (chromium != null) {
            chromium.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void nothingYet() {
        chromium.forget();
    }

    @AfterEach
    void nothingWentWrongOnThePageAndNothingCameFromElsewhere() {
        assertThat(chromium.told("Runtime.exceptionThrown")).isEmpty();
        assertThat(chromium.told("Runtime.consoleAPICalled"))
                .filteredOn(event -> "error".equals(event.get("type")))
                .isEmpty();
        assertThat(chromium.told("Log.entryAdded"))
                .extracting(event -> Chromium.map(event.get("entry")))
                .filteredOn(entry -> "error".equals(entry.get("level")))
                .isEmpty();
        assertThat(chromium.told("Network.requestWillBeSent"))
                .extracting(event -> (String) Chromium.map(event.get("request")).get("url"))
                .allMatch(url -> url.startsWith(server.url()) || url.startsWith("about:"));
    }

    /** Opens the page anew, with a run in its address. */
    static void show(String fragment) throws Exception {
        chromium.open(server.url() + fragment);
    }

    static void colours(String theme) throws Exception {
        chromium.prefer("prefers-color-scheme", theme);
    }

    static void motion(String wish) throws Exception {
        chromium.prefer("prefers-reduced-motion", wish);
    }

    static String text(String script) throws Exception {
        return (String) chromium.evaluate(script);
    }

    static long time() throws Exception {
        return Long.parseLong(text("document.body.dataset.time"));
    }

    static void faster() throws Exception {
        chromium.evaluate("(() => { const s = document.getElementById('speed'); s.value = '320';"
                + " s.dispatchEvent(new Event('change')); })()");
    }

    static void pause() throws Exception {
        chromium.evaluate("document.body.classList.contains('playing') && document.getElementById('play').click()");
    }

    static String leader() throws Exception {
        return text("document.querySelector('.node[data-role=LEADER]')?.dataset.node ?? ''");
    }
}
