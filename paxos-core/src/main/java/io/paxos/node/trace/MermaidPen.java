// SPDX-License-Identifier: Apache-2.0
package io.paxos.node.trace;

import io.paxos.model.NodeId;
import java.util.List;

/** Draws in the language of Mermaid. */
final class MermaidPen implements CommandPath.Pen {

    private final List<NodeId> nodes;
    private final StringBuilder out = new StringBuilder("sequenceDiagram\n");

    /** Participants go by numbers, for names may hold what Mermaid does not take. */
    MermaidPen(List<NodeId> nodes) {
        this.nodes = nodes;
        for (NodeId node : nodes) {
            out.append("    participant ")
                    .append(alias(node))
                    .append(" as ")
                    .append(node)
                    .append('\n');
        }
    }

    private String alias(NodeId node) {
        return "p" + nodes.indexOf(node);
    }

    @Override
    public void message(CommandPath.Message message) {
        out.append("    ")
                .append(alias(message.from()))
                .append(message.arrived() ? "->>" : "-x")
                .append(alias(message.to()))
                .append(": ")
                .append(plain(message.label()))
                .append('\n');
    }

    @Override
    public void note(CommandPath.Note note) {
        out.append("    Note over ")
                .append(alias(note.at()))
                .append(": ")
                .append(plain(note.text()))
                .append('\n');
    }

    /** What ends a line or begins a comment there is left out. */
    private static String plain(String text) {
        return text.replaceAll("[;#\\r\\n]", " ");
    }

    String drawing() {
        return out.toString();
    }
}
