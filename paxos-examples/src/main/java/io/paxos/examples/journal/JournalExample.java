// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.journal;

import io.paxos.examples.Logging;
import io.paxos.storage.file.JournalAudit;
import io.paxos.storage.file.JournalInspector;
import io.paxos.storage.file.JournalInspector.Outcome;
import io.paxos.storage.file.JournalInspector.Stats;
import io.paxos.storage.file.JournalInspector.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks into the directories in which nodes keep their state, and changes nothing there. */
@Command(
        name = "journal",
        header = "Looks into the directory of a node that keeps its state in files.",
        description = {
            "Looks into the directory in which a node keeps its state, such as one given to kv --data. Nothing there is"
                    + " changed, and the node may be running; what is said of the end of its journal may then be out of"
                    + " date at once. rescue and restore found a new cluster, in new directories.",
            "The exit code is 0 if the store is sound, 1 if it is damaged and 2 if there is none."
        },
        subcommands = {RescueCommand.class, RestoreCommand.class},
        synopsisSubcommandLabel = "(verify | dump | stats | audit | rescue | restore)")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class JournalExample {

    private static final int SOUND = 0;
    private static final int DAMAGED = 1;

    @Spec
    private CommandSpec spec;

    private JournalExample() {}

    /** Says what would come of opening the store. */
    @Command(
            name = "verify",
            description = {
                "Reads all files to their ends and says what would come of opening the store.",
                "The exit code is 0 if nothing would be lost, also where the end of a write that was never confirmed"
                        + " would be cut off; 1 if the node would refuse to start or could not vote."
            })
    int verify(@Parameters(paramLabel = "DIR", description = "The directory of a node.") Path directory)
            throws IOException {
        JournalInspector inspector = inspector(directory);
        Verdict verdict = inspector.verify();
        say(verdict.outcome() + ": " + directory + (inspector.isInUse() ? " (in use)" : ""));
        say(verdict.explanation());
        return verdict.outcome() == Outcome.SOUND || verdict.outcome() == Outcome.TAIL_CUT ? SOUND : DAMAGED;
    }

    /** Prints all that the journal holds. */
    @Command(
            name = "dump",
            description = "Prints what the journal holds, a line for each batch and each record, up to where it ends or"
                    + " is damaged.")
    int dump(@Parameters(paramLabel = "DIR", description = "The directory of a node.") Path directory)
            throws IOException {
        inspector(directory)
                .dump(entry ->
                        say(entry.file() + " at " + entry.offset() + ", batch " + entry.batch() + ": " + entry.text()));
        return SOUND;
    }

    /** Prints how large the store is, and what for. */
    @Command(name = "stats", description = "Prints whose the store is, and how large it is and what for.")
    int stats(@Parameters(paramLabel = "DIR", description = "The directory of a node.") Path directory)
            throws IOException {
        Stats stats = inspector(directory).stats();
        say("node " + stats.node() + " of cluster " + stats.cluster() + ", incarnation " + stats.incarnation()
                + ", start " + stats.start());
        say("logs " + stats.logs() + ", undecided decrees " + stats.undecided() + ", decided decrees "
                + stats.decided());
        say(String.format(
                Locale.ROOT,
                "%,d bytes of journal, of which about %,d are needed for more than decided decrees",
                stats.journalBytes(),
                stats.liveBytes()));
        stats.records().forEach((kind, count) -> say(String.format(Locale.ROOT, "%,15d %s", count, kind)));
        stats.files().forEach((file, size) -> say(String.format(Locale.ROOT, "%,15d bytes in %s", size, file)));
        return SOUND;
    }

    /** Says whether any two of several nodes ever disagreed. */
    @Command(
            name = "audit",
            description = {
                "Reads the journals of several nodes of a cluster beside one another, and says whether any two of them"
                        + " ever disagreed: on what was decided in a slot or for a decree, or on the value of one"
                        + " proposal.",
                "The exit code is 0 if they did not, 1 if they did or if a store could be read in part only."
            })
    int audit(
            @Parameters(paramLabel = "DIR", arity = "2..*", description = "The directories of the nodes.")
                    List<Path> directories)
            throws IOException {
        Logging.level("error");
        JournalAudit.Report report;
        try {
            report = JournalAudit.run(directories);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        report.notes().forEach(note -> say("note: " + note));
        report.told().forEach(disagreement -> say("DISAGREEMENT: " + disagreement));
        say(String.format(
                Locale.ROOT,
                "%d stores: %,d decided slots, %,d of them in two stores or more; %,d decided decrees, %,d of them in two"
                        + " stores or more; disagreements %,d%s",
                report.stores(),
                report.slots(),
                report.slotsCompared(),
                report.decrees(),
                report.decreesCompared(),
                report.disagreements(),
                report.isComplete() ? "" : "; not all could be read"));
        return report.disagreements() == 0 && report.isComplete() ? SOUND : DAMAGED;
    }

    private JournalInspector inspector(Path directory) {
        Logging.level("error");
        if (!Files.isDirectory(directory)) {
            throw new ParameterException(
                    spec.commandLine(), directory + " is not a directory; name that of a node, such as kv-data/n1");
        }
        return JournalInspector.of(directory);
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
