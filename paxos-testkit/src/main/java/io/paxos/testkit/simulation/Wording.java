// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text of actions, as it stands in a {@link Plan}. What follows a {@code #} is for the human reader. */
final class Wording {

    private static final String NODE = "n(\\d+)";
    private static final String MILLIS = "(\\d+(?:\\.\\d{1,3})?) ms";
    private static final String LITERAL = "('[^']*'|0x(?:[0-9a-f]{2})*)";

    private static final Pattern COMMENT = Pattern.compile("^((?:[^'#]|'[^']*')*)#.*$");
    private static final Pattern LINK = Pattern.compile(NODE + "([>-])" + NODE);

    /** One way to say something. */
    private record Form(Pattern pattern, Function<Matcher, Action> reading) {}

    private static final List<Form> FORMS = List.of(
            form(NODE + " crashes", m -> new Action.Crash(node(m, 1))),
            form(NODE + " is closed", m -> new Action.Close(node(m, 1))),
            form(
                    NODE + " is to let (n\\d+|nobody|the best) lead within (\\d+) ticks(, or resign)?",
                    m -> new Action.Transfer(node(m, 1), target(m.group(2)), m.group(4) != null, number(m, 3))),
            form(NODE + " is to hand over", m -> new Action.HandOver(node(m, 1))),
            form(NODE + " starts", m -> new Action.Start(node(m, 1))),
            form(NODE + " loses its store", m -> new Action.LoseStore(node(m, 1))),
            form("cut (\\d+):((?: n\\d+[>-]n\\d+)+)", m -> new Action.Cut(number(m, 1), links(m.group(2)))),
            form("cut (\\d+) is healed", m -> new Action.Heal(number(m, 1))),
            form(
                    NODE + ">" + NODE + " holds messages back for " + MILLIS,
                    m -> new Action.Clog(node(m, 1), node(m, 2), micros(m.group(3)))),
            form(
                    NODE + ">" + NODE + " takes " + MILLIS + " longer",
                    m -> new Action.SlowLink(node(m, 1), node(m, 2), micros(m.group(3)))),
            form(
                    NODE + ">" + NODE + " loses (\\d{1,2}|100) of 100 messages",
                    m -> new Action.LoseOnLink(node(m, 1), node(m, 2), number(m, 3))),
            form(
                    NODE + " is asked to let " + NODE + " (vote|observe|leave) within (\\d+) ticks",
                    m -> new Action.Amend(node(m, 1), node(m, 2), Action.Part.of(m.group(3)), number(m, 4))),
            form(NODE + " stands still for " + MILLIS, m -> new Action.Pause(node(m, 1), micros(m.group(2)))),
            form(
                    "the clock of " + NODE + " is set by (-?\\d+)",
                    m -> new Action.StepClock(node(m, 1), Long.parseLong(m.group(2)))),
            form(
                    "the clocks of " + NODE + " go ([0-9.E-]+) times as fast",
                    m -> new Action.SetPace(node(m, 1), Double.parseDouble(m.group(2)))),
            form(NODE + " writes (\\d+) times slower", m -> new Action.SlowStore(node(m, 1), number(m, 2))),
            form("the next write of " + NODE + " fails", m -> new Action.FailWrite(node(m, 1))),
            form("the disk of " + NODE + " is full", m -> new Action.FillDisk(node(m, 1), true)),
            form("the disk of " + NODE + " has room", m -> new Action.FillDisk(node(m, 1), false)),
            form("the snapshot of " + NODE + " is damaged", m -> new Action.DamageSnapshot(node(m, 1))),
            form("the next snapshot of " + NODE + " fails", m -> new Action.FailSnapshot(node(m, 1))),
            form(NODE + " executes (\\d+) times slower", m -> new Action.SlowApply(node(m, 1), number(m, 2))),
            form(
                    NODE + " is told that " + NODE + " (came|went)",
                    m -> new Action.Hint(node(m, 1), node(m, 2), m.group(3).equals("came"))),
            form("the store of " + NODE + " is copied", m -> new Action.CopyStore(node(m, 1))),
            form(NODE + " gets the copy of its store", m -> new Action.PutCopyBack(node(m, 1))),
            form(
                    "client (\\d+) asks " + NODE + " within (\\d+) ticks: " + LITERAL,
                    m -> new Action.Ask(number(m, 1), node(m, 2), number(m, 3), payload(m.group(4)))),
            form(
                    NODE + " proposes for ([^ ]+) within (\\d+) ticks: " + LITERAL,
                    m -> new Action.Propose(
                            node(m, 1), new DecreeName(m.group(2)), number(m, 3), payload(m.group(4)))));

    private Wording() {}

    private static Form form(String pattern, Function<Matcher, Action> reading) {
        return new Form(Pattern.compile(pattern), reading);
    }

    /**
     * Reads one action.
     *
     * @throws IllegalArgumentException if the text is none
     */
    static Action read(String text) {
        for (Form form : FORMS) {
            Matcher matcher = form.pattern.matcher(text);
            if (matcher.matches()) {
                return form.reading.apply(matcher);
            }
        }
        throw new IllegalArgumentException(
                "no action of a plan reads \"" + text + "\"; take the lines of a plan as a failure printed them");
    }

    /** The line without what is meant for humans, and without spaces around. */
    static String withoutComment(String line) {
        Matcher matcher = COMMENT.matcher(line);
        return (matcher.matches() ? matcher.group(1) : line).strip();
    }

    static String millis(long micros) {
        return BigDecimal.valueOf(micros, 3).toPlainString() + " ms";
    }

    static long micros(String millis) {
        return new BigDecimal(millis)
                .movePointRight(3)
                .setScale(0, RoundingMode.UNNECESSARY)
                .longValueExact();
    }

    /** Bytes as text in quotes where every byte is a printable character, else as digits. */
    static String literal(Payload payload) {
        byte[] bytes = payload.toByteArray();
        for (byte b : bytes) {
            if (b < 0x20 || b > 0x7e || b == '\'') {
                return "0x" + HexFormat.of().formatHex(bytes);
            }
        }
        return "'" + new String(bytes, StandardCharsets.US_ASCII) + "'";
    }

    private static Payload payload(String literal) {
        return literal.startsWith("'")
                ? Payload.utf8(literal.substring(1, literal.length() - 1))
                : Payload.wrap(HexFormat.of().parseHex(literal.substring(2)));
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private static int node(Matcher matcher, int group) {
        return number(matcher, group) - 1;
    }

    private static int target(String word) {
        return switch (word) {
            case "the best" -> Cluster.THE_BEST;
            case "nobody" -> Cluster.NOBODY;
            default -> Integer.parseInt(word.substring(1)) - 1;
        };
    }

    /** {@code n1>n2} is one direction, {@code n1-n2} are both. */
    private static List<Action.Link> links(String text) {
        List<Action.Link> links = new ArrayList<>();
        for (String word : text.strip().split(" ", -1)) {
            Matcher matcher = LINK.matcher(word);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("no link of a plan reads \"" + word + "\"");
            }
            links.add(new Action.Link(node(matcher, 1), node(matcher, 3)));
            if (matcher.group(2).equals("-")) {
                links.add(new Action.Link(node(matcher, 3), node(matcher, 1)));
            }
        }
        return links;
    }
}
