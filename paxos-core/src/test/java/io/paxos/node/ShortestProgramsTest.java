// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shortest useful programs: that they work, and that they are short. */
@Timeout(60)
class ShortestProgramsTest {

    private static final int MAX_LINES = 15;

    /** What a program prints. */
    private static String printed(Consumer<String[]> program) {
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program.accept(new String[0]);
        } finally {
            System.setOut(out);
        }
        return printed.toString(StandardCharsets.UTF_8).strip();
    }

    // begin: agree
    static final class Agree {
        public static void main(String[] args) {
            var nodes = Stream.of("n1", "n2", "n3")
                    .map(id ->
                            PaxosNode.builder().id(id).members("n1", "n2", "n3").start())
                    .toList();
            var first = nodes.get(0).decrees(Codec.utf8()).agree("shard-7/owner", "n1");
            var second = nodes.get(1).decrees(Codec.utf8()).agree("shard-7/owner", "n2");
            System.out.println(first.join() + " = " + second.join());
            nodes.forEach(PaxosNode::close);
        }
    }
    // end: agree

    // begin: replicate
    static final class Sum {
        public static void main(String[] args) {
            Function<AtomicLong, StateMachine<Long, Long>> adder = sum -> (context, n) -> sum.addAndGet(n);
            var nodes = Stream.of("n1", "n2", "n3")
                    .map(id ->
                            PaxosNode.builder().id(id).members("n1", "n2", "n3").start())
                    .toList();
            var sums = nodes.stream()
                    .map(node -> node.replicate("sum", adder.apply(new AtomicLong()), Codec.int64(), Codec.int64()))
                    .toList();
            System.out.println(sums.get(0).submit(40L).join() + ", "
                    + sums.get(2).submit(2L).join());
            nodes.forEach(PaxosNode::close);
        }
    }
    // end: replicate

    @Test
    void threeNodesAgreeOnOneValue() {
        assertThat(printed(Agree::main)).isIn("n1 = n1", "n2 = n2");
    }

    @Test
    void threeNodesCountTogether() {
        assertThat(printed(Sum::main)).isEqualTo("40, 42");
    }

    @ParameterizedTest
    @ValueSource(strings = {"agree", "replicate"})
    void theProgramIsShort(String name) throws IOException {
        Path source = Path.of("src/test/java").resolve(getClass().getName().replace('.', '/') + ".java");
        List<String> lines =
                Files.readAllLines(source).stream().map(String::strip).toList();
        int begin = lines.indexOf("// begin: " + name);
        int end = lines.indexOf("// end: " + name);
        List<String> program = lines.subList(begin + 1, end).stream()
                .filter(line -> !line.isEmpty())
                .toList();
        assertThat(program).hasSizeBetween(5, MAX_LINES);
    }
}
