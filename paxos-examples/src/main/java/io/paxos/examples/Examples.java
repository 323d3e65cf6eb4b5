// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples;

import io.paxos.examples.agree.AgreeExample;
import io.paxos.examples.ids.TransactionIdsExample;
import io.paxos.examples.journal.JournalExample;
import io.paxos.examples.kv.KvExample;
import io.paxos.examples.playground.PlaygroundExample;
import io.paxos.examples.registers.RegistersExample;
import io.paxos.examples.roles.RolesExample;
import io.paxos.examples.trace.TraceExample;
import io.paxos.examples.transport.CustomTransportExample;
import java.io.PrintWriter;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The root command; each example is a subcommand of it, and the first is what runs if none is named. */
@Command(
        name = "paxos-examples",
        description = "Runnable examples of Paxos. Without a name, transaction-ids runs.",
        synopsisSubcommandLabel = "EXAMPLE",
        subcommands = {
            TransactionIdsExample.class,
            AgreeExample.class,
            RegistersExample.class,
            KvExample.class,
            JournalExample.class,
            RolesExample.class,
            TraceExample.class,
            CustomTransportExample.class,
            PlaygroundExample.class
        },
        footer = {"", "EXAMPLE --help tells what an example shows and which options it has."})
public final class Examples {

    private static final String DEFAULT_EXAMPLE = "transaction-ids";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    private Examples() {}

    /**
     * Runs an example and ends the process: 0 if it showed what it is to show, 1 if not, 2 for bad arguments.
     *
     * @param args the name of the example and its options
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(withDefault(args)));
    }

    /** All examples, ready to execute. */
    static CommandLine commandLine() {
        return new CommandLine(new Examples())
                .setParameterExceptionHandler(Examples::badArguments)
                .setExecutionExceptionHandler(Examples::failed);
    }

    /** No arguments, or only options that are not those of the root command, are meant for the default example. */
    static String[] withDefault(String... args) {
        boolean named =
                args.length > 0 && (!args[0].startsWith("-") || args[0].equals("-h") || args[0].equals("--help"));
        return named
                ? args
                : Stream.concat(Stream.of(DEFAULT_EXAMPLE), Stream.of(args)).toArray(String[]::new);
    }

    private static int badArguments(ParameterException problem, String[] args) {
        return complain(problem.getCommandLine(), problem, CommandLine.ExitCode.USAGE);
    }

    private static int failed(Exception problem, CommandLine command, ParseResult arguments) {
        return complain(command, problem, CommandLine.ExitCode.SOFTWARE);
    }

    private static int complain(CommandLine command, Exception problem, int exitCode) {
        PrintWriter err = command.getErr();
        String what = problem.getMessage() == null ? problem.toString() : problem.getMessage();
        err.println(command.getCommandSpec().qualifiedName() + ": " + what.replace('\n', ' ')
                + (exitCode == CommandLine.ExitCode.USAGE ? " (--help tells more)" : ""));
        err.flush();
        return exitCode;
    }
}
