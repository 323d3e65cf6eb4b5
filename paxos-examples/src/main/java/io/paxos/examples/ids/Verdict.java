// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import java.util.ArrayList;
import java.util.List;

/**
 * What a run has shown.
 *
 * @param nodes how many servers there were
 * @param ids how many IDs were asked for
 * @param kills how many leaders were to be killed
 * @param audit what is to be said about the IDs handed out
 * @param killed how many leaders were killed
 * @param replicasEqual whether all servers ended with the same state
 * @param longestPauseMillis the longest time in which somebody waited for an ID and nobody got one
 */
record Verdict(
        int nodes,
        long ids,
        int kills,
        Ledger.Audit audit,
        int killed,
        boolean replicasEqual,
        long longestPauseMillis) {

    /** Everything that is not as it must be; empty if all is well. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (audit.count() != ids) {
            problems.add(ids + " IDs were asked for, and " + audit.count() + " were handed out");
        }
        if (audit.duplicates() > 0) {
            problems.add(audit.duplicates() + " IDs were handed out twice");
        }
        if (audit.gaps() > 0) {
            problems.add(audit.gaps() + " IDs are missing");
        }
        if (audit.disorders() > 0) {
            problems.add(audit.disorders() + " IDs are lower than one handed out before they were asked for");
        }
        if (!replicasEqual) {
            problems.add("the servers ended with different states");
        }
        if (killed != kills) {
            problems.add("only " + killed + " of " + kills + " leaders were killed");
        }
        return problems;
    }

    @Override
    public String toString() {
        return "nodes " + nodes + ", IDs " + audit.count() + ", duplicates " + audit.duplicates() + ", gaps "
                + audit.gaps() + ", leader kills " + killed + ", longest pause " + longestPauseMillis + " ms";
    }
}
