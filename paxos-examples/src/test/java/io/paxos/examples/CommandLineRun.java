// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/** What one call of the command line printed and returned. */
public record CommandLineRun(int exitCode, String out, String err) {

    /** Runs an example within this process. */
    public static CommandLineRun of(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine =
                Examples.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int exitCode = commandLine.execute(args);
        return new CommandLineRun(exitCode, out.toString(), err.toString());
    }

    /** The lines printed. */
    public List<String> lines() {
        return out.lines().toList();
    }
}
