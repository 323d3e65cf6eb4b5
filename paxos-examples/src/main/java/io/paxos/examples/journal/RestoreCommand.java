// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.journal;

import io.paxos.examples.Logging;
import io.paxos.storage.file.Rescue;
import io.paxos.storage.file.RescuePlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Founds a new cluster on backups. */
@Command(
        name = "restore",
        description = {
            "Reads backups that FileStorage.backup has made of nodes of one cluster, and says what they hold. With --into,"
                    + " --cluster and --members it writes the stores of a new cluster that begins with it. The old cluster"
                    + " may go on meanwhile: the new one has another name, and the two never hear each other.",
            "What was chosen after the backups is not in them. With backups of as many nodes as complete phase 1, all that"
                    + " was acknowledged before the first of them was begun is there; with fewer, decrees and registers that"
                    + " the backed up nodes had not heard of are not.",
            "The exit code is 0 if the plan was printed or the stores were written, 1 if not."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RestoreCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private NewClusterOptions options;

    @Override
    public Integer call() throws IOException {
        Logging.level("error");
        try {
            boolean isToBeFounded = options.isToBeFounded();
            Rescue rescue = options.read();
            RescuePlan plan = rescue.plan();
            for (RescuePlan.Store store : plan.stores()) {
                if (!store.isBackup()) {
                    throw new IllegalArgumentException(
                            store.directory() + " is the store of a node, not a backup; leave it"
                                    + " out, or see rescue if a quorum of the nodes is lost");
                }
            }
            say(List.of("Backups hold what was so when they were taken. What may have been chosen since is said to be"
                    + " missing."));
            say(RescueText.of(plan));
            say(isToBeFounded ? options.found(rescue) : List.of("Nothing was written."));
            return 0;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private void say(List<String> lines) {
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(out::println);
        out.flush();
    }
}
