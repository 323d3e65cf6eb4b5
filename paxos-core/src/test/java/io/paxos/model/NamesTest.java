// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which names are taken, and what is said of those that are not. */
class NamesTest {

    private static final String SIXTY_FOUR = "x".repeat(64);
    private static final String EVERY_KIND = "azAZ09._-";

    private record Kind(String what, int longest, Function<String, Object> make) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Kind> tokens() {
        return Stream.of(
                new Kind("node id", 64, NodeId::new),
                new Kind("cluster name", 64, ClusterName::new),
                new Kind("group name", 128, GroupId::of));
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void takesLettersDigitsAndThreeSignsUpToTheLongest(Kind kind) {
        for (String name : List.of("a", EVERY_KIND, "-", "x".repeat(kind.longest()))) {
            assertThat(kind.make().apply(name)).hasToString(name);
        }
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void refusesTheEmptyAndTheTooLong(Kind kind) {
        int longest = kind.longest();
        assertThatThrownBy(() -> kind.make().apply(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("%s must have 1 to %d characters, but \"\" has 0", kind, longest);
        assertThatThrownBy(() -> kind.make().apply("x".repeat(1_000_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "%s must have 1 to %d characters, but \"%s…\" has 1000000", kind, longest, "x".repeat(longest));
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void refusesEveryOtherCharacter(Kind kind) {
        for (char c = 0; c < 0x250; c++) {
            boolean allowed = Character.toString(c).matches("[A-Za-z0-9._-]");
            String name = "n" + c;
            if (allowed) {
                assertThatCode(() -> kind.make().apply(name)).doesNotThrowAnyException();
            } else {
                assertThatThrownBy(() -> kind.make().apply(name))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith(kind + " \"")
                        .hasMessageEndingWith(" at position 1; use only letters, digits, '.', '_' and '-'");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void namesTheCharacterAndItsPlace(Kind kind) {
        assertThatThrownBy(() -> kind.make().apply("n1:7101"))
                .hasMessage("%s \"n1:7101\" holds ':' at position 2; use only letters, digits, '.', '_' and '-'", kind);
    }

    static Stream<Arguments> decreeNames() {
        return Stream.of(
                Arguments.of("", "a decree name must not be empty"),
                Arguments.of("a\nb", "a decree name must not hold control characters, but position 1 is 10"),
                Arguments.of("\u007f", "a decree name must not hold control characters, but position 0 is 127"),
                Arguments.of("ab\u0085", "a decree name must not hold control characters, but position 2 is 133"),
                Arguments.of(
                        "a\ud83d",
                        "a decree name must be well-formed Unicode, but position 1 is half a surrogate pair"),
                Arguments.of(
                        "\ude00\ud83d",
                        "a decree name must be well-formed Unicode, but position 0 is half a surrogate pair"),
                Arguments.of(
                        "\ud83d\ude00\ude00",
                        "a decree name must be well-formed Unicode, but position 2 is half a surrogate pair"),
                Arguments.of(
                        "x".repeat(513),
                        "a decree name may take at most 512 bytes of UTF-8, but one of 513 characters was given,"
                                + " starting \"" + "x".repeat(32) + "\""),
                Arguments.of(
                        "é".repeat(257),
                        "a decree name may take at most 512 bytes of UTF-8, but one of 257 characters was given,"
                                + " starting \"" + "é".repeat(32) + "\""));
    }

    @ParameterizedTest
    @MethodSource("decreeNames")
    void refusesDecreeNamesSayingWhy(String name, String message) {
        assertThatThrownBy(() -> new DecreeName(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void takesAnyOtherTextAsDecreeName() {
        for (String name :
                List.of(" ", "shard-7/owner", "x".repeat(512), "é".repeat(256), "\ud83d\ude00".repeat(128), "a\"b:c")) {
            assertThat(new DecreeName(name)).hasToString(name);
        }
    }

    @Test
    void aGroupCreatedAnewIsAnother() {
        GroupId first = GroupId.of("ids");
        GroupId second = new GroupId("ids", 1);

        assertThat(first).isNotEqualTo(second).isLessThan(second).hasToString("ids");
        assertThat(second).hasToString("ids#1").isLessThan(GroupId.of("ids2"));
        assertThatThrownBy(() -> new GroupId("ids", -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the generation of group ids is negative: -1");
    }

    @Test
    void namesAreOrderedAsText() {
        assertThat(NodeId.of("n10")).isLessThan(NodeId.of("n2"));
        assertThat(new DecreeName("a")).isLessThan(new DecreeName("b"));
        assertThat(NodeId.of(SIXTY_FOUR)).isEqualByComparingTo(new NodeId(SIXTY_FOUR));
    }
}
