// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Java as the compiler sees it: word after word, without comments and white space. So a page may break its lines where it
 * likes and explain what the code need not.
 */
final class JavaText {

    private static final Pattern WORD = Pattern.compile(
            "\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*+\"|'(?:\\\\.|[^'\\\\\\n])*+'|(//[^\\n]*|/\\*.*?\\*/|\\s++)|\\w++|.",
            Pattern.DOTALL);

    private JavaText() {}

    /** The words of a text, each between two blanks. */
    static String words(String text) {
        StringBuilder words = new StringBuilder(" ");
        Matcher next = WORD.matcher(text);
        while (next.find()) {
            if (next.group(1) == null) {
                words.append(next.group()).append(' ');
            }
        }
        return words.toString();
    }

    /** Whether a source holds an excerpt; where that says "…", the source may hold anything in between. */
    static boolean holds(String wordsOfSource, String wordsOfExcerpt) {
        int at = 0;
        for (String part : wordsOfExcerpt.split("…", -1)) {
            int found = wordsOfSource.indexOf(part, at);
            if (found < 0) {
                return false;
            }
            // The blank behind a part is the one before the next.
            at = found + part.length() - 1;
        }
        return true;
    }
}
