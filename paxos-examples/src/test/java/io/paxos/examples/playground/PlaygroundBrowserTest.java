// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a real browser, clicked and typed at: what it is for, and that all can use it. */
class PlaygroundBrowserTest extends InChromium {

    private static void propose(String value, String node) throws Exception {
        chromium.evaluate("document.getElementById('asked').value = '" + node + "'");
        chromium.evaluate("document.getElementById('value').value = ''");
        chromium.click("#value");
        chromium.call("Input.insertText", "text", value);
        chromium.press("Enter");
    }

    private static String chosen() throws Exception {
        return text("[...document.querySelectorAll('#log tr.chosen td')].map(c => c.innerText).join('|')");
    }

    private static String appliedAtAll(String value, int nodes) {
        return "[...document.querySelectorAll('#log td.applied')].filter(c => c.textContent.includes('" + value
                + "')).length === " + nodes;
    }

    @Test
    void theLeaderIsKilledByAClickAndAnotherOneLeadsAndNoSlotIsLost() throws Exception {
        show("#seed=7&at=450000");
        faster();
        String first = leader();
        String asked = first.equals("n1") ? "n2" : "n1";
        propose("apple", asked);
        chromium.until(appliedAtAll("apple", 5));
        String before = chosen();
        assertThat(before).contains("apple");

        chromium.click(".node[data-node=" + first + "] .body");
        chromium.until("document.querySelector('.node[data-node=" + first + "]').dataset.role === 'DOWN'");
        chromium.until("[...document.querySelectorAll('.node[data-role=LEADER]')].some(n => n.dataset.node !== '"
                + first + "')");
        assertThat(leader()).isNotEqualTo(first).isNotEmpty();
        propose("plum", asked);
        chromium.until(appliedAtAll("plum", 4));
        pause();

        assertThat(chosen()).startsWith(before + "|").contains("plum");
        assertThat(chromium.evaluate("document.querySelectorAll('#lights li.good').length"))
                .isEqualTo(31);
        assertThat(chromium.evaluate("document.querySelectorAll('#lights li.bad').length"))
                .isEqualTo(0);
        assertThat(text("document.getElementById('verdict').textContent")).isEqualTo("✓ all 31 hold");

        chromium.click(".node[data-node=" + first + "] .body");
        chromium.press(" ");
        chromium.until(appliedAtAll("plum", 5));
    }

    @Test
    void theAddressOfARunShowsThatRunToAnybody() throws Exception {
        show("#s=leader-death&at=640000");
        chromium.press("2");
        chromium.press("Enter");
        chromium.until("document.querySelector('.node[data-node=n2]').dataset.role === 'DOWN'");
        for (int step = 0; step < 5; step++) {
            long before = time();
            chromium.press("ArrowRight");
            chromium.until("Number(document.body.dataset.time) > " + before);
        }
        String address = text("location.hash");
        String grid = text(GRID);
        String ring = text(RING);
        assertThat(address).contains("n2+crashes", "plum");

        show(address);

        assertThat(text(GRID)).isEqualTo(grid);
        assertThat(text(RING)).isEqualTo(ring);
        assertThat(text("location.hash")).isEqualTo(address);
    }

    @Test
    void whatWasDoneIsUndoneByGoingBack() throws Exception {
        show("#seed=7&at=450000");
        String ring = text(RING);
        String leader = leader();
        chromium.press(leader.substring(1));
        chromium.press("k");
        chromium.until("document.querySelector('.node[data-node=" + leader + "]').dataset.role === 'DOWN'");
        chromium.press("ArrowLeft");
        chromium.until("document.body.dataset.time < 450000");
        assertThat(leader()).isEqualTo(leader);
        chromium.press("ArrowRight");
        chromium.until("document.body.dataset.time >= 450000");
        assertThat(leader()).isNotEqualTo(leader);
        assertThat(text(RING)).isNotEqualTo(ring);
    }

    @Test
    void everythingCanBeDoneWithTheKeysAlone() throws Exception {
        show("#seed=7&at=450000");
        chromium.press("2");
        assertThat(text("document.activeElement.dataset.node")).isEqualTo("n2");
        chromium.press("Enter");
        chromium.until("document.activeElement.getAttribute('aria-label').includes('Enter restarts it')");
        chromium.press("Enter");
        chromium.until("document.activeElement.getAttribute('aria-label').includes('Enter kills it')");
        chromium.press("w");
        chromium.until("document.getElementById('events').textContent.includes('n2 loses its store')");
        chromium.press("3");
        chromium.press("i");
        chromium.until("document.querySelectorAll('.link.cut').length === 4");
        chromium.press("h");
        chromium.until("document.querySelectorAll('.link.cut').length === 0");
        chromium.evaluate("document.querySelector('.link[data-link=\"n1-n5\"]').focus()");
        for (String key : List.of("c", "d", "x")) {
            chromium.press(key);
        }
        chromium.until("document.querySelector('.link.cut.slow.lossy')?.dataset.link === 'n1-n5'");
        chromium.press("p");
        assertThat(text("document.activeElement.id")).isEqualTo("value");
        chromium.evaluate("document.activeElement.blur()");
        chromium.press("?");
        assertThat(chromium.evaluate("document.getElementById('keys').open")).isEqualTo(true);
        chromium.press("Enter");
        chromium.until("!document.getElementById('keys').open && document.activeElement === document.body");
        chromium.press(" ");
        chromium.until("document.body.classList.contains('playing')");
        chromium.press(" ");
        chromium.until("!document.body.classList.contains('playing')");
    }

    /** What has a name for those who do not see it: buttons, fields, nodes and links. */
    @Test
    void everythingThatTakesTheFocusHasAName() throws Exception {
        show("#s=duel");
        chromium.press("1");
        assertThat(chromium.evaluate(
                        "[...document.querySelectorAll('button, select, input, [tabindex=\"0\"]')].filter(e => !e.closest('dialog'))"
                                + ".filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.[0]?.textContent.trim()))"
                                + ".map(e => e.outerHTML)"))
                .isEqualTo(List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void allTextStandsOutFromItsGround(String theme) throws Exception {
        colours(theme);
        show("#s=partition&at=760000");
        chromium.evaluate("localStorage.removeItem('theme')");
        show("#s=partition&at=760000");
        chromium.press("1");
        assertThat(text("document.documentElement.dataset.theme")).isEqualTo(theme);
        assertThat(text(CONTRAST)).isEmpty();
        String other = theme.equals("dark") ? "light" : "dark";
        chromium.press("t");
        assertThat(text("document.documentElement.dataset.theme")).isEqualTo(other);
        assertThat(text("getComputedStyle(document.documentElement).colorScheme"))
                .as("fields and scroll bars, which the browser draws, go with what was chosen")
                .isEqualTo(other);
        assertThat(text(CONTRAST)).isEmpty();
        chromium.evaluate("localStorage.removeItem('theme')");
    }

    @Test
    void coloursFollowTheSystemUntilSomebodyChooses() throws Exception {
        colours("light");
        show("#s=duel");
        chromium.evaluate("localStorage.removeItem('theme')");
        colours("dark");
        chromium.until("document.documentElement.dataset.theme === 'dark'");
        chromium.press("t");
        colours("light");
        colours("dark");
        assertThat(text("document.documentElement.dataset.theme")).isEqualTo("light");
        chromium.evaluate("localStorage.removeItem('theme')");
    }

    /** Every text whose colour has a contrast below 4.5 to the nearest ground that is not transparent. */
    private static final String CONTRAST = """
            (() => {
              const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
              const rgba = (colour) => {
                canvas.clearRect(0, 0, 1, 1);
                canvas.fillStyle = colour;
                canvas.fillRect(0, 0, 1, 1);
                return [...canvas.getImageData(0, 0, 1, 1).data];
              };
              const light = ([r, g, b]) => {
                const [x, y, z] = [r, g, b].map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
                return 0.2126 * x + 0.7152 * y + 0.0722 * z;
              };
              const ground = (e) => {
                for (; e; e = e.parentElement) {
                  const body = e.classList.contains("node") ? e.querySelector(".body") : null;
                  const colour = rgba(body ? getComputedStyle(body).fill : getComputedStyle(e).backgroundColor);
                  if (colour[3] > 200) return colour;
                }
                return [255, 255, 255];
              };
              const bad = [];
              for (const e of document.querySelectorAll("body *")) {
                const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
                if (!own || e.closest(".hidden, dialog, option, .letter") || e.getClientRects().length === 0) continue;
                const ink = rgba(e instanceof SVGElement ? getComputedStyle(e).fill : getComputedStyle(e).color);
                const [a, b] = [light(ink), light(ground(e))].sort((x, y) => y - x);
                if ((a + 0.05) / (b + 0.05) < 4.5) bad.push(e.tagName + "." + e.getAttribute("class") + " " + e.textContent.slice(0, 30) + " " + ((a + 0.05) / (b + 0.05)).toFixed(2));
              }
              return bad.join("\\n");
            })()
            """;

    @Test
    void whereMotionIsUnwelcomePlayingGoesFromMomentToMoment() throws Exception {
        motion("reduce");
        show("#s=leader-death&at=560000");
        chromium.evaluate("window.moments = new Set(); new MutationObserver(() =>"
                + " moments.add(document.body.dataset.time)).observe(document.body, {attributes: true})");
        chromium.press(" ");
        chromium.until("Number(document.body.dataset.time) > 560000 && moments.size >= 2");
        pause();
        Object moments = chromium.evaluate("moments.size");
        assertThat(((Number) moments).intValue()).isLessThan(20);
        motion("");
    }

    @Test
    void theEndOfARunIsSaid() throws Exception {
        show("#seed=7&at=29999000");
        faster();
        chromium.press(" ");
        chromium.until("!document.getElementById('toast').hidden");
        assertThat(text("document.getElementById('toast').textContent")).startsWith("A run ends after 30 seconds");
    }

    @Test
    void aLinkThatNamesWhatCannotBeDoneSaysSo() throws Exception {
        show("#seed=7&at=450000&do=" + 440_000 + "~n1+waltzes");
        chromium.until("!document.getElementById('toast').hidden");
        assertThat(text("document.getElementById('toast').textContent")).contains("n1 waltzes");
        assertThat(chromium.told("Log.entryAdded")).hasSize(1);
        chromium.forget(); // Chromium takes the refusal for an error of the page
    }
}
