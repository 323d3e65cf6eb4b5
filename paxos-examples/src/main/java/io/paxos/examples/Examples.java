package io.paxos.examples;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root command; each example is a subcommand of it. */
@Command(
        name = "paxos-examples",
        description = "Runnable examples of Paxos.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "EXAMPLE",
        subcommands = CommandLine.HelpCommand.class)
public final class Examples {

    private Examples() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Examples()).execute(args));
    }
}
