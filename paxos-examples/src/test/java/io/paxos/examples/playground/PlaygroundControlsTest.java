// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each thing that can be clicked does what it says, time goes back exactly, and what the page shows is what there is. */
class PlaygroundControlsTest extends InChromium {

    private static final String LETTERS =
            "[...document.querySelectorAll('.letter')].map(l => l.dataset.kind + l.getAttribute('transform')).sort().join()";

    /** All that is to be seen of a moment, the moment included. */
    private static final String SEEN = "[document.body.dataset.time, " + RING + ", " + GRID + ", " + LETTERS
            + ", document.getElementById('events').innerText].join('\\n--\\n')";

    private static void untilTold(String words) throws Exception {
        chromium.until("document.getElementById('events').textContent.includes(\"" + words + "\")");
    }

    private static void untilToast(String words) throws Exception {
        chromium.until(
                "!document.getElementById('toast').hidden && document.getElementById('toast').textContent.includes(\""
                        + words + "\")");
    }

    private static void choose(String id, String value) throws Exception {
        chromium.evaluate("(() => { const s = document.getElementById('" + id + "'); s.value = '" + value
                + "'; s.dispatchEvent(new Event('change')); })()");
    }

    @Test
    void nodesAndTheirButtonsWorkByTheMouse() throws Exception {
        show("#seed=7&at=450000");
        String leader = leader();
        String other = leader.equals("n4") ? "n5" : "n4";
        chromium.click(".node[data-node=" + other + "] .body");
        chromium.until("document.querySelector('.node[data-node=" + other + "]').dataset.role === 'DOWN'");
        untilTold(other + " crashes");
        chromium.click(".node[data-node=" + other + "] .body");
        untilTold(other + " starts");
        for (String[] deed : new String[][] {
            {"pause", "stands still for 400 ms"},
            {"isolate", "cut "},
            {"member", "is asked to let " + other + " vote"}, // just started, it knows of no standing
            {"lead", leader + " is to let " + other + " lead"},
            {"wipe", other + " loses its store"},
            {"kill", other + " starts"}
        }) {
            chromium.click("#selected [data-deed=" + deed[0] + "]");
            untilTold(deed[1]);
        }
        assertThat(chromium.evaluate("document.querySelectorAll('.link.cut').length"))
                .isEqualTo(4);
    }

    @Test
    void linksAndTheirButtonsWorkByTheMouse() throws Exception {
        show("#seed=7&at=450000");
        String link = ".link[data-link='n1-n2']";
        chromium.click(link + " .hit");
        chromium.until("document.querySelector(\"" + link + "\").matches('.cut')");
        chromium.click("#selected [data-deed=delay]");
        chromium.until("document.querySelector(\"" + link + "\").matches('.cut.slow')");
        chromium.click("#selected [data-deed=lose]");
        chromium.until("document.querySelector(\"" + link + "\").matches('.cut.slow.lossy')");
        chromium.click("#selected [data-deed=toggleCut]");
        chromium.until("document.querySelector(\"" + link + "\").matches(':not(.cut).slow.lossy')");
        chromium.click("#heal");
        chromium.until("document.querySelectorAll('.link.slow, .link.lossy, .link.cut').length === 0");
        chromium.click("#split");
        chromium.until("document.querySelectorAll('.link.cut').length === 6");
        chromium.click("#heal");
        chromium.until("document.querySelectorAll('.link.cut').length === 0");
        chromium.click("#lossy");
        chromium.until("document.querySelectorAll('.link.lossy').length === 10");
        chromium.click("#heal");
        chromium.until("document.querySelectorAll('.link.lossy').length === 0");
        chromium.click("#heal");
        untilToast("All links are whole");
    }

    @Test
    void timeIsMovedByTheMouse() throws Exception {
        show("#s=leader-death");
        long from = time();
        chromium.click("#step");
        chromium.until("Number(document.body.dataset.time) > " + from);
        chromium.click("#back");
        chromium.until("Number(document.body.dataset.time) <= " + from);
        choose("speed", "5");
        chromium.click("#play");
        chromium.until("document.body.classList.contains('playing') && Number(document.body.dataset.time) > " + from);
        chromium.click("#play");
        chromium.until("!document.body.classList.contains('playing')");
        chromium.click("#scrub"); // in its middle
        chromium.until("Number(document.body.dataset.time) > Number(document.getElementById('scrub').max) * 0.45");
        chromium.click("#restart");
        chromium.until("Number(document.body.dataset.time) === " + from);
    }

    @Test
    void theSliderMovesByMillisecondsWithTheKeys() throws Exception {
        show("#seed=7&at=450000");
        chromium.evaluate("document.getElementById('scrub').focus()");
        chromium.call("Input.dispatchKeyEvent", "type", "keyDown", "key", "ArrowRight", "windowsVirtualKeyCode", 39);
        chromium.until("document.body.dataset.time === '451000'");
    }

    @Test
    void whatStandsAtTheTopWorksByTheMouse() throws Exception {
        show("#seed=7&at=450000");
        String theme = text("document.documentElement.dataset.theme");
        chromium.click("#theme");
        assertThat(text("document.documentElement.dataset.theme")).isNotEqualTo(theme);
        chromium.evaluate("localStorage.removeItem('theme')");
        chromium.click("#share");
        chromium.until("!document.getElementById('toast').hidden");
        chromium.click("#help");
        assertThat(chromium.evaluate("document.getElementById('keys').open")).isEqualTo(true);
        chromium.click("#keys button");
        chromium.until("!document.getElementById('keys').open");
        Object before = chromium.evaluate("document.querySelectorAll('#events .STORE').length");
        chromium.click("#all-events");
        chromium.until("document.querySelectorAll('#events .STORE').length > " + before);
        choose("seed", "9");
        chromium.until("location.hash.startsWith('#seed=9&')");
        for (String bad : List.of("", "x", "1e3", "-1")) {
            choose("seed", bad);
            untilToast("A seed is a whole number");
            assertThat(text("document.getElementById('seed').value")).isEqualTo("9");
            chromium.evaluate("document.getElementById('toast').hidden = true");
        }
    }

    @Test
    void escapeLeavesAField() throws Exception {
        show("#seed=7&at=450000");
        chromium.press("p");
        assertThat(text("document.activeElement.id")).isEqualTo("value");
        chromium.press("Escape");
        assertThat(text("document.activeElement.tagName")).isEqualTo("BODY");
        chromium.press("3");
        assertThat(text("document.activeElement.dataset.node")).isEqualTo("n3");
    }

    @Test
    void stepsBackShowExactlyWhatStepsOnHaveShown() throws Exception {
        show("#s=duel&at=377000");
        List<String> onwards = new ArrayList<>();
        for (int step = 0; step < 25; step++) {
            onwards.add(text(SEEN));
            long before = time();
            chromium.press("ArrowRight");
            chromium.until("Number(document.body.dataset.time) > " + before);
        }
        for (int step = 24; step > 0; step--) {
            long before = time();
            chromium.press("ArrowLeft");
            chromium.until("Number(document.body.dataset.time) < " + before);
            assertThat(text(SEEN)).as("step %s", step).isEqualTo(onwards.get(step));
        }
    }

    @Test
    void theEndOfARunCanBeLeftByAStepBack() throws Exception {
        show("#seed=7&at=30000000");
        chromium.press("ArrowLeft");
        chromium.until("Number(document.body.dataset.time) < 30000000");
    }

    @Test
    void aLinkNamesTheSeedAndNoMomentThatHasNotCome() throws Exception {
        show("#seed=7&at=450000");
        chromium.press("1");
        chromium.press("k");
        chromium.until("location.hash.includes('crashes')");
        assertThat(text("location.hash")).isEqualTo("#seed=7&do=450000%7En1+crashes&at=450000");
        assertThat(text("import('/link.js').then(link => link.write(null, {seed: 3, steps: []}, 1000.7))"))
                .isEqualTo("#seed=3&at=1000");
    }

    /** The answers about the first are held back until the second is shown. */
    @Test
    void theScenarioThatIsChosenLastIsShown() throws Exception {
        motion("reduce"); // it does not play of itself then
        show("#s=duel");
        String duel = text("location.hash");
        show("#s=leader-death");
        chromium.evaluate(
                "(() => { const fetched = window.fetch; const gate = new Promise(open => { window.letGo = open; });"
                        + " window.fetch = async (...asked) => { const answer = await fetched(...asked);"
                        + " if (String(asked[1]?.body).startsWith('{\"seed\":21,')) await gate; return answer; }; })()");
        choose("scenario", "partition");
        choose("scenario", "duel");
        chromium.until("location.hash === '" + duel + "'");
        chromium.evaluate(
                "(async () => { letGo(); for (let i = 0; i < 10; i++) await (await fetch('api/scenarios')).json(); })()");
        assertThat(text("location.hash")).isEqualTo(duel);
        motion("");
    }

    @Test
    void eachSlotThatAStoreHoldsIsDrawn() throws Exception {
        show("#s=leader-death&at=850000");
        String held = text("import('/run.js').then(async ({Run}) => {"
                + " const {scenarios} = await (await fetch('api/scenarios')).json();"
                + " const {seed, steps} = scenarios.find(s => s.id === 'leader-death');"
                + " const run = new Run(seed, steps, 30000000, 300); await run.fetch(850000);"
                + " return Object.entries(run.at(850000).nodes).flatMap(([name, node]) =>"
                + " node.log.map(([slot, value]) => name + ' ' + slot + ' ' + value)).join('\\n'); })");
        String drawn = text("[...document.querySelectorAll('#log tr[data-node]')].flatMap(row =>"
                + " [...row.querySelectorAll('td[data-slot]')].map(cell => row.dataset.node + ' ' + cell.dataset.slot"
                + " + ' ' + cell.lastChild.textContent)).join('\\n')");
        assertThat(held.lines()).hasSizeGreaterThan(15);
        assertThat(drawn).isEqualTo(held);
    }

    /** No run of this library puts a light out, so the answers of the server are changed on their way. */
    @Test
    void aLightThatGoesOutIsSeenAtOnce() throws Exception {
        show("#seed=7&at=450000");
        chromium.evaluate("(() => { const fetched = window.fetch; window.fetch = async (...asked) => {"
                + " const answer = await fetched(...asked); if (asked[0] !== 'api/run') return answer;"
                + " const part = await answer.json(); const [first, ...rest] = part.start.lights;"
                + " part.changes.unshift({at: part.from ?? 0, nodes: {}, lights: [[first[0], false], ...rest],"
                + " violation: 'n1 broke a rule'}); return new Response(JSON.stringify(part)); }; })()");
        choose("seed", "8");
        chromium.until("document.querySelectorAll('#lights li.bad').length === 1");
        assertThat(chromium.evaluate("document.querySelectorAll('#lights li.good').length"))
                .isEqualTo(30);
        assertThat(text("document.querySelector('#lights li.bad').textContent")).endsWith("does not hold");
        assertThat(text("document.getElementById('verdict').textContent")).isEqualTo("✕ 1 broken");
        assertThat(text("document.getElementById('violation').textContent")).isEqualTo("n1 broke a rule");
        assertThat(chromium.evaluate("document.getElementById('violation').hidden"))
                .isEqualTo(false);
        String bad = text("getComputedStyle(document.querySelector('#lights li.bad'), '::before').backgroundColor");
        assertThat(bad)
                .isNotEqualTo(text(
                        "getComputedStyle(document.querySelector('#lights li.good'), '::before').backgroundColor"));
    }
}
