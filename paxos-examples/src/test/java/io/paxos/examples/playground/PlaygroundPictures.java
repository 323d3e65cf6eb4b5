// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/** Draws the pictures of {@code docs/playground.md} anew, in a headless Chromium: {@code mvn -Ppictures}. */
final class PlaygroundPictures {

    private static final int WIDTH = 1320;
    private static final int HEIGHT = 1130;

    /** Which moment of which run each picture shows, by the name of its file. */
    private static final Map<String, String> PICTURES = Map.of(
            "playground-light", "#s=duel&at=425000",
            "playground-dark", "#s=partition&at=760000",
            "playground-leader-death", "#s=leader-death&at=850000");

    private PlaygroundPictures() {}

    /**
     * Draws them.
     *
     * @param args the directory that they go into
     */
    public static void main(String[] args) throws Exception {
        Path directory = Files.createDirectories(Path.of(args[0]));
        Path browser = Chromium.installed()
                .orElseThrow(() -> new IllegalStateException(
                        "pictures need a chromium, chromium-browser or google-chrome on the path"));
        try (PlaygroundServer server = PlaygroundServer.start(0);
                Chromium chromium = new Chromium(browser)) {
            chromium.size(WIDTH, HEIGHT);
            for (Map.Entry<String, String> picture : PICTURES.entrySet()) {
                chromium.prefer("prefers-color-scheme", picture.getKey().endsWith("dark") ? "dark" : "light");
                chromium.open(server.url() + picture.getValue());
                Path file = directory.resolve(picture.getKey() + ".png");
                // as far as there is something to see
                Object height =
                        chromium.evaluate("Math.ceil(document.querySelector('main').getBoundingClientRect().bottom)");
                String clip = "{\"x\":0,\"y\":0,\"scale\":1,\"width\":" + WIDTH + ",\"height\":" + height + "}";
                String data = (String) chromium.call("Page.captureScreenshot", "format", "png", "clip", clip)
                        .get("data");
                Files.write(file, Base64.getDecoder().decode(data));
                System.out.println(file);
            }
        }
    }
}
