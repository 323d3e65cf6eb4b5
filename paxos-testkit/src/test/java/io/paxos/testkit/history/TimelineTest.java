// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimelineTest {

    private static Failure failure(Script<MapModel.Call<String, String>, Optional<String>> script) {
        Verdict verdict =
                LinearizabilityChecker.of(new MapModel<String, String>()).check(script.history());
        assertThat(verdict).isInstanceOf(Verdict.NotLinearizable.class);
        return ((Verdict.NotLinearizable) verdict).failure();
    }

    private static Script<MapModel.Call<String, String>, Optional<String>> staleRead() {
        return new Script<MapModel.Call<String, String>, Optional<String>>()
                .alone(new MapModel.Put<>("k", "old"), Optional.empty())
                .begin("lost", new MapModel.Put<>("k", "<b>&\"lost\""))
                .begin("w", new MapModel.Put<>("k", "new"))
                .begin("r1", new MapModel.Get<>("k"))
                .end("w", Optional.empty())
                .end("r1", Optional.of("<b>&\"lost\""))
                .begin("r2", new MapModel.Get<>("k"))
                .end("r2", Optional.of("old"));
    }

    @Test
    void thePictureIsAPageOfItsOwnForLightAndDark(@TempDir Path directory) throws Exception {
        Path file =
                failure(staleRead()).writePicture(directory.resolve("pictures").resolve("stale.html"));

        String page = Files.readString(file);
        assertThat(page)
                .startsWith("<!DOCTYPE html>")
                .contains("color-scheme: light dark", "prefers-color-scheme: dark")
                .doesNotContain("http", "src=", "<script", "@import", "url(");
    }

    @Test
    void thePictureShowsTheOrderTheOpenCallsAndTheImpossibleAnswer() {
        String page = failure(staleRead()).picture();

        assertThat(page.split("<svg ", -1)).hasSize(1 + 5);
        assertThat(page.split("class=\"bar bad\"", -1))
                .as("one impossible answer")
                .hasSize(2);
        assertThat(page.split("class=\"bar open\"", -1)).as("one open call").hasSize(2);
        assertThat(page.split("class=\"place\"", -1)).as("four places").hasSize(1 + 4);
        assertThat(page).contains("would be <code>Optional[&lt;b&gt;&amp;&quot;lost&quot;]</code>");
    }

    @Test
    void textOfTheUserIsNoMarkup() {
        assertThat(failure(staleRead()).picture()).contains("&lt;b&gt;&amp;").doesNotContain("<b>");
    }

    @Test
    void ofALongHistoryTheEndIsShown() {
        Script<MapModel.Call<String, String>, Optional<String>> script = new Script<>();
        for (int i = 0; i < 500; i++) {
            script.alone(new MapModel.Put<>("k", "v" + i), Optional.empty());
        }
        script.alone(new MapModel.Get<>("k"), Optional.of("v3"));

        Failure failure = failure(script);

        assertThat(failure.picture())
                .contains("421 calls before these are not shown", "v499")
                .doesNotContain("value=v3]");
        assertThat(failure.explanation()).contains("(471 earlier calls)", "<- impossible");
    }
}
