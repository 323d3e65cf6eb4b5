// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.roles;

import java.util.Arrays;
import java.util.List;

/** Draws a message sequence with characters: a lifeline for each participant, a row for each step. */
final class TextDiagram {

    private static final int COLUMN = 8;
    private static final int MARGIN = 1;

    private final List<String> participants;
    private final StringBuilder out = new StringBuilder();

    private TextDiagram(List<String> participants) {
        this.participants = participants;
    }

    /** The whole diagram, ending with a line break. */
    static String of(MessageSequence sequence) {
        TextDiagram diagram = new TextDiagram(sequence.participants());
        diagram.names();
        for (MessageSequence.Step step : sequence.steps()) {
            diagram.draw(step);
        }
        diagram.row(diagram.lifelines(), "");
        return diagram.out.toString();
    }

    private void draw(MessageSequence.Step step) {
        if (step instanceof MessageSequence.Arrow arrow) {
            row(arrow(arrow.from(), arrow.to(), '>', '<'), arrow.label());
        } else if (step instanceof MessageSequence.Loss loss) {
            row(arrow(loss.from(), loss.to(), 'x', 'x'), loss.label() + " (lost)");
        } else if (step instanceof MessageSequence.Note note) {
            char[] line = lifelines();
            line[column(note.at())] = '*';
            row(line, note.at() + ": " + note.text());
        } else if (step instanceof MessageSequence.Heading heading) {
            row(lifelines(), "");
            out.append(heading.text()).append('\n');
            row(lifelines(), "");
        }
    }

    private void names() {
        char[] line = blank();
        for (String name : participants) {
            name.getChars(0, Math.min(name.length(), COLUMN - 1), line, column(name));
        }
        row(line, "");
    }

    private char[] arrow(String from, String to, char rightwards, char leftwards) {
        char[] line = lifelines();
        int start = column(from);
        int end = column(to);
        for (int i = Math.min(start, end) + 1; i < Math.max(start, end); i++) {
            line[i] = line[i] == '|' ? '+' : '-';
        }
        line[start < end ? end - 1 : end + 1] = start < end ? rightwards : leftwards;
        return line;
    }

    private char[] lifelines() {
        char[] line = blank();
        for (String name : participants) {
            line[column(name)] = '|';
        }
        return line;
    }

    private char[] blank() {
        char[] line = new char[MARGIN + participants.size() * COLUMN];
        Arrays.fill(line, ' ');
        return line;
    }

    private int column(String participant) {
        return MARGIN + participants.indexOf(participant) * COLUMN;
    }

    private void row(char[] line, String text) {
        out.append((new String(line) + text).stripTrailing()).append('\n');
    }
}
