// SPDX-License-Identifier: Apache-2.0
package io.paxos.node.trace;

import io.paxos.model.NodeId;
import java.util.List;

/**
 * What one command went through: who said what about it to whom, and what each node made of it, in the order in which it
 * happened.
 *
 * @param nodes everyone who took part, in the order in which they are drawn
 * @param steps what happened
 */
public record CommandPath(List<NodeId> nodes, List<Step> steps) {

    /** Copies the lists. */
    public CommandPath {
        nodes = List.copyOf(nodes);
        steps = List.copyOf(steps);
    }

    /** One thing that happened. */
    public sealed interface Step {

        /**
         * Draws it.
         *
         * @param pen draws
         */
        void draw(Pen pen);
    }

    /**
     * A message, in the place where it was sent.
     *
     * @param from who sent it
     * @param to to whom
     * @param label what it said about the command
     * @param arrived whether it had arrived when the path was taken
     */
    public record Message(NodeId from, NodeId to, String label, boolean arrived) implements Step {
        @Override
        public void draw(Pen pen) {
            pen.message(this);
        }
    }

    /**
     * Something that a node did by itself.
     *
     * @param at which node
     * @param text what it did
     */
    public record Note(NodeId at, String text) implements Step {
        @Override
        public void draw(Pen pen) {
            pen.note(this);
        }
    }

    /** Draws steps, one method for each kind. */
    public interface Pen {

        /**
         * Draws a message.
         *
         * @param message the message
         */
        void message(Message message);

        /**
         * Draws a note.
         *
         * @param note the note
         */
        void note(Note note);
    }

    /**
     * The diagram in the language of Mermaid, which many viewers of Markdown draw.
     *
     * @return the whole diagram, without a code fence, ending with a line break
     */
    public String mermaid() {
        MermaidPen pen = new MermaidPen(nodes);
        steps.forEach(step -> step.draw(pen));
        return pen.drawing();
    }

    /**
     * The diagram in characters: a lifeline for each node, a row for each step.
     *
     * @return the whole diagram, ending with a line break
     */
    public String text() {
        TextPen pen = new TextPen(nodes);
        steps.forEach(step -> step.draw(pen));
        return pen.drawing();
    }
}
