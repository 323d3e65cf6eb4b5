// SPDX-License-Identifier: Apache-2.0
package io.paxos.node.trace;

import io.paxos.model.NodeId;
import java.util.Arrays;
import java.util.List;

/** Draws with characters. */
final class TextPen implements CommandPath.Pen {

    private static final int LEAST_COLUMN = 8;
    private static final int MARGIN = 1;

    private final List<NodeId> nodes;
    private final int column;
    private final StringBuilder out = new StringBuilder();

    TextPen(List<NodeId> nodes) {
        this.nodes = nodes;
        int longest =
                nodes.stream().mapToInt(node -> node.name().length()).max().orElse(0);
        column = Math.max(LEAST_COLUMN, longest + 2);
        char[] names = blank();
        for (NodeId node : nodes) {
            node.name().getChars(0, node.name().length(), names, place(node));
        }
        row(names, "");
    }

    @Override
    public void message(CommandPath.Message message) {
        char[] line = lifelines();
        int start = place(message.from());
        int end = place(message.to());
        for (int i = Math.min(start, end) + 1; i < Math.max(start, end); i++) {
            line[i] = line[i] == '|' ? '+' : '-';
        }
        char head = !message.arrived() ? 'x' : start < end ? '>' : '<';
        line[start < end ? end - 1 : end + 1] = head;
        row(line, message.label() + (message.arrived() ? "" : " (has not arrived)"));
    }

    @Override
    public void note(CommandPath.Note note) {
        char[] line = lifelines();
        line[place(note.at())] = '*';
        row(line, note.at() + ": " + note.text());
    }

    String drawing() {
        return out + new String(lifelines()).stripTrailing() + "\n";
    }

    private char[] lifelines() {
        char[] line = blank();
        nodes.forEach(node -> line[place(node)] = '|');
        return line;
    }

    private char[] blank() {
        char[] line = new char[MARGIN + nodes.size() * column];
        Arrays.fill(line, ' ');
        return line;
    }

    private int place(NodeId node) {
        return MARGIN + nodes.indexOf(node) * column;
    }

    private void row(char[] line, String text) {
        out.append((new String(line) + text).stripTrailing()).append('\n');
    }
}
