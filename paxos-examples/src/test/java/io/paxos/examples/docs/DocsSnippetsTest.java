// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * All Java in the documentation is compiled: each block stands, word for word, in a source that the build compiles. White space
 * and comments do not count, and "…" stands for what a page leaves out. There are no exceptions: what cannot be compiled is no
 * Java, and bears no such label.
 */
class DocsSnippetsTest {

    private record Block(Path page, int line, String code) {}

    private static List<Block> blocks(Path page) throws IOException {
        List<Block> blocks = new ArrayList<>();
        List<String> lines = Files.readAllLines(page);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().startsWith("```java")) {
                int begin = i + 1;
                do {
                    i++;
                } while (!lines.get(i).strip().equals("```"));
                blocks.add(new Block(page, begin, String.join("\n", lines.subList(begin, i))));
            }
        }
        return blocks;
    }

    @Test
    void everyBlockOfJavaIsPartOfASourceThatIsCompiled() throws IOException {
        List<Block> missing = new ArrayList<>();
        int found = 0;
        for (Path page : Pages.all()) {
            for (Block block : blocks(page)) {
                missing.add(block);
                found++;
            }
        }
        for (Path source : Pages.sources()) {
            String words = JavaText.words(Files.readString(source));
            missing.removeIf(block -> JavaText.holds(words, JavaText.words(block.code())));
        }
        assertThat(found).as("blocks of Java in all pages").isGreaterThan(20);
        assertThat(missing)
                .as(
                        "compiled nowhere; put the code into a test of io.paxos.examples.docs that runs it, and into the page as it"
                                + " stands there")
                .extracting(block -> Pages.ROOT.relativize(block.page()) + ":" + block.line())
                .isEmpty();
    }

    @Test
    void commentsAndWhiteSpaceDoNotCountAndEverythingElseDoes() {
        String source = JavaText.words("""
                class A {
                    // not here: c();
                    void a() { b("x // y", 'c'); /* nor
                      here */ c( ) ; d("a b"); }
                }""");
        for (String held : List.of(
                "b(\"x // y\",'c');  // says more",
                "b(\"x // y\", 'c');\n\nc();",
                "c(); d(\"a b\");",
                "void a() { … d(\"a b\"); }",
                "class A { … }")) {
            assertThat(JavaText.holds(source, JavaText.words(held))).as(held).isTrue();
        }
        for (String other : List.of(
                "b(\"x // z\", 'c');",
                "c(1);",
                "d(\"ab\");",
                "voida()",
                "d(\"a b\"); … c();",
                "not here: c();",
                "lass A")) {
            assertThat(JavaText.holds(source, JavaText.words(other))).as(other).isFalse();
        }
    }
}
