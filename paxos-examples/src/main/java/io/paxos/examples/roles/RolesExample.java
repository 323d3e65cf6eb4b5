// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.roles;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints one decree, agreed by hand, as a message-sequence diagram. */
@Command(
        name = "roles",
        header = "One decree by hand, drawn as a message-sequence diagram.",
        description = {
            "One decree by hand: proposers, acceptors and a learner as bare objects of io.paxos.single.",
            "Prints a message-sequence diagram of a duel, with refusals (Nack) and a lost message."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class RolesExample implements Runnable {

    @Spec
    private CommandSpec spec;

    @Option(names = "--mermaid", description = "Print the diagram in the language of Mermaid.")
    private boolean mermaid;

    @Override
    public void run() {
        MessageSequence sequence = Duel.play();
        spec.commandLine().getOut().print(mermaid ? MermaidDiagram.of(sequence) : TextDiagram.of(sequence));
        spec.commandLine().getOut().flush();
    }
}
