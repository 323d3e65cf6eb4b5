// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.journal;

import io.paxos.examples.Logging;
import io.paxos.storage.file.Rescue;
import io.paxos.storage.file.RescuePlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A quorum is lost for good: says what that may have cost, and founds a new cluster on what is left. */
@Command(
        name = "rescue",
        description = {
            "For a cluster that has lost a quorum of its nodes for good. Reads the stores that are left and says what they"
                    + " hold and which chosen slots, decrees and registers may be missing. Nothing is written.",
            "With --into, --cluster, --members and --abandon-old-cluster it writes, after you have typed the name of the new"
                    + " cluster, the stores of a NEW cluster with what is left. The old cluster is given up by that: what it"
                    + " chose and is not here is lost, and where a node of it comes back it is a stranger.",
            "Not for a cluster that still has a quorum: replace the nodes that are lost there.",
            "The exit code is 0 if the plan was printed or the stores were written, 1 if not."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RescueCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private NewClusterOptions options;

    @Option(
            names = "--abandon-old-cluster",
            description = "Says that the lost nodes will never come back, and that you have read the plan.")
    private boolean abandon;

    @Override
    public Integer call() throws IOException {
        Logging.level("error");
        Rescue rescue;
        boolean isToBeFounded;
        try {
            isToBeFounded = options.isToBeFounded();
            rescue = options.read();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        RescuePlan plan = rescue.plan();
        say(RescueText.of(plan));
        String refusal = refusal(plan, isToBeFounded);
        if (refusal != null) {
            say(List.of(refusal));
            return isToBeFounded ? 1 : 0;
        }
        if (!isToBeFounded) {
            say(List.of("Nothing was written. If no other store can be had, see rescue --help for how to go on."));
            return 0;
        }
        say(List.of(
                "THIS GIVES UP CLUSTER " + plan.cluster()
                        + " FOR GOOD. What is said above to be missing stays missing, and"
                        + " callers may have been told of it. No node of the old cluster may be running.",
                "To go on, type the name of the new cluster:"));
        if (!options.cluster().equals(typed())) {
            say(List.of("That is not " + options.cluster() + ". Nothing was written."));
            return 1;
        }
        say(found(rescue));
        return 0;
    }

    private @Nullable String refusal(RescuePlan plan, boolean isToBeFounded) {
        if (plan.isQuorumLeft()) {
            return "NOT TO BE RESCUED: these nodes are a quorum. Start them as they are, and replace those that are lost."
                    + " But if one of the directories is a COPY made while its node ran, or a volume put back, do not start"
                    + " it: it has forgotten votes. Rename its file IDENTITY to BACKUP and ask again.";
        }
        if (isToBeFounded && !abandon) {
            return "Nothing was written: without --abandon-old-cluster this only says what could be done.";
        }
        return null;
    }

    private List<String> found(Rescue rescue) throws IOException {
        try {
            return options.found(rescue);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static @Nullable String typed() throws IOException {
        String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        return line == null ? null : line.strip();
    }

    private void say(List<String> lines) {
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(out::println);
        out.flush();
    }
}
