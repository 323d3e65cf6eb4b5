// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.roles;

/** Writes a message sequence in the language of Mermaid, which many viewers of Markdown draw. */
final class MermaidDiagram {

    private MermaidDiagram() {}

    /** The whole diagram, without a code fence, ending with a line break. */
    static String of(MessageSequence sequence) {
        StringBuilder out = new StringBuilder("sequenceDiagram\n");
        for (String participant : sequence.participants()) {
            out.append("    participant ").append(participant).append('\n');
        }
        String everyone = sequence.participants().get(0) + ","
                + sequence.participants().get(sequence.participants().size() - 1);
        for (MessageSequence.Step step : sequence.steps()) {
            out.append("    ").append(line(step, everyone)).append('\n');
        }
        return out.toString();
    }

    private static String line(MessageSequence.Step step, String everyone) {
        if (step instanceof MessageSequence.Arrow arrow) {
            return arrow.from() + "->>" + arrow.to() + ": " + arrow.label();
        }
        if (step instanceof MessageSequence.Loss loss) {
            return loss.from() + "-x" + loss.to() + ": " + loss.label();
        }
        if (step instanceof MessageSequence.Note note) {
            return "Note over " + note.at() + ": " + note.text();
        }
        return "Note over " + everyone + ": " + ((MessageSequence.Heading) step).text();
    }
}
