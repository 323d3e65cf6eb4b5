// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every link within the documentation leads somewhere: to a file or a folder that is there, and to a heading of that page. */
class DocsLinksTest {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)(?:\\s+\"[^\"]*\")?\\)");
    private static final Pattern ELSEWHERE = Pattern.compile("^(https?|mailto):.*");
    private static final Pattern CODE = Pattern.compile("`[^`]*`");
    private static final Pattern FENCE = Pattern.compile("^\\s*(```|~~~).*");
    private static final Pattern HEADING = Pattern.compile("^#{1,6}\\s+(.*?)\\s*#*$");

    /** A page without what stands between fences, which is no Markdown. */
    private static List<String> prose(Path page) throws IOException {
        List<String> prose = new ArrayList<>();
        boolean code = false;
        for (String line : Files.readAllLines(page)) {
            boolean fence = FENCE.matcher(line).matches();
            prose.add(code || fence ? "" : line);
            code ^= fence;
        }
        return prose;
    }

    /** The anchors of the headings of a page, formed as usual: small letters, hyphens for blanks, no punctuation. */
    private static Set<String> anchors(List<String> prose) {
        Set<String> anchors = new HashSet<>();
        for (String line : prose) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String anchor = anchor(heading.group(1));
                String unique = anchor;
                for (int again = 1; !anchors.add(unique); again++) {
                    unique = anchor + "-" + again;
                }
            }
        }
        return anchors;
    }

    private static String anchor(String heading) {
        return heading.replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}\\p{M}_ -]", "")
                .replace(' ', '-');
    }

    private static boolean leadsSomewhere(Path page, String link) throws IOException {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty() ? page : page.resolveSibling(path).normalize();
        if (!target.startsWith(Pages.ROOT) || !Files.exists(target)) {
            return false;
        }
        return hash < 0
                || !target.toString().endsWith(".md")
                || anchors(prose(target)).contains(link.substring(hash + 1));
    }

    @Test
    void everyLinkWithinTheDocumentationLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : Pages.all()) {
            List<String> prose = prose(page);
            for (int i = 0; i < prose.size(); i++) {
                Matcher link = LINK.matcher(CODE.matcher(prose.get(i)).replaceAll("code"));
                while (link.find()) {
                    if (!ELSEWHERE.matcher(link.group(1)).matches()) {
                        links++;
                        if (!leadsSomewhere(page, link.group(1))) {
                            broken.add(Pages.ROOT.relativize(page) + ":" + (i + 1) + " -> " + link.group(1));
                        }
                    }
                }
            }
        }
        assertThat(links).as("links in all pages").isGreaterThan(100);
        assertThat(broken).as("links that lead nowhere").isEmpty();
    }

    @Test
    void headingsHaveTheAnchorsThatViewersGiveThem() {
        assertThat(anchors(List.of(
                        "# The odd one out",
                        "## Durable: --data",
                        "text",
                        "## `get`, [a](b.md) & more",
                        "# The odd one out")))
                .containsExactlyInAnyOrder("the-odd-one-out", "durable---data", "get-a--more", "the-odd-one-out-1");
    }
}
