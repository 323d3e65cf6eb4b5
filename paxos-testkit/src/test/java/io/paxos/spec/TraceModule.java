// SPDX-License-Identifier: Apache-2.0
package io.paxos.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Traces as one TLA+ module that extends {@code LogTrace}, with a configuration to check it by. */
final class TraceModule {

    static final String NAME = "Recorded";

    private TraceModule() {}

    /**
     * Writes module and configuration.
     *
     * @param folder where to
     * @param traces the traces, which the variable {@code trace} of the module counts from 1
     * @param mustBeFollowed whether each is to be followed to its end, or none
     */
    static void write(Path folder, List<LogTrace> traces, boolean mustBeFollowed) throws IOException {
        StringBuilder module = new StringBuilder("---- MODULE " + NAME + " ----\nEXTENDS LogTrace\n");
        for (int i = 0; i < traces.size(); i++) {
            LogTrace trace = traces.get(i);
            module.append("\n\\* ").append(trace.name()).append("\nT").append(i + 1);
            module.append(" == [size1 |-> ")
                    .append(trace.size1())
                    .append(", size2 |-> ")
                    .append(trace.size2());
            module.append(", events |-> <<");
            String separator = "\n  ";
            for (Seen seen : trace.seen()) {
                module.append(separator).append(seen.toTla());
                separator = ",\n  ";
            }
            module.append(">>]\n");
        }
        module.append("\nRecorded == <<");
        for (int i = 0; i < traces.size(); i++) {
            module.append(i == 0 ? "T" : ", T").append(i + 1);
        }
        Files.writeString(folder.resolve(NAME + ".tla"), module.append(">>\n====\n"));
        Files.writeString(folder.resolve(NAME + ".cfg"), configuration(mustBeFollowed));
    }

    /** The bounds of the model are those of Next, which traces do not use. */
    private static String configuration(boolean mustBeFollowed) {
        return """
                SPECIFICATION TraceSpec
                CONSTANTS
                    Traces <- Recorded
                    IsQuorum1 <- TraceQuorum1
                    IsQuorum2 <- TraceQuorum2
                    Acceptor = {1, 2, 3, 4, 5, 6, 7}
                    Proposers = %d
                    Slots = %d
                    Size1 = 0
                    Size2 = 0
                    Rounds = 0
                    MaxBallots = 0
                    MaxRestarts = 0
                    MaxLost = 0
                    MaxLearn = 0
                    MaxTrim = 0
                    MaxPending = 0
                    PartSlots = 0
                    Mutant = "none"
                %s
                """.formatted(
                        LogRecorder.MOST_NODES,
                        LogRecorder.SLOTS,
                        mustBeFollowed
                                ? "INVARIANTS ForgottenIsCovered DecidedIsHeld"
                                : "INVARIANTS NoneIsFollowed\nCHECK_DEADLOCK FALSE");
    }
}
