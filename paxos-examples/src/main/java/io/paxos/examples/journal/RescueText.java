// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.journal;

import io.paxos.model.Configuration;
import io.paxos.model.SlotRange;
import io.paxos.storage.file.RescuePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plan in words: first what there is, then, in capitals where it hurts, what may be missing. */
final class RescueText {

    private static final int MOST_RANGES = 20;

    private final List<String> lines = new ArrayList<>();

    private RescueText() {}

    static List<String> of(RescuePlan plan) {
        RescueText text = new RescueText();
        text.stores(plan);
        plan.logs().forEach(text::log);
        text.decrees(plan.decrees());
        text.registers(plan.registers());
        text.say(
                plan.mayMiss()
                        ? "SOMETHING THAT WAS CHOSEN MAY BE MISSING, as said above."
                        : "Nothing that was chosen" + " is missing: every quorum has left a store here.");
        return text.lines;
    }

    private void say(String format, Object... arguments) {
        lines.add(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
    }

    private void stores(RescuePlan plan) {
        say("cluster %s, formed as %s", plan.cluster(), plan.formed());
        for (RescuePlan.Store store : plan.stores()) {
            say(
                    "store %s: node %s, opened %d times%s%s",
                    store.directory(),
                    store.owner(),
                    store.starts(),
                    store.isInUse() ? ", IN USE by a node" : "",
                    store.voteless() == null ? "" : "; its votes do not count here: " + store.voteless());
        }
    }

    private void log(RescuePlan.Log log) {
        say(
                "log %s: decided up to slot %d, best known to %s%s; promised %s",
                log.group(),
                log.decided(),
                log.best(),
                log.snapshot() == 0 ? "" : " (by a snapshot up to slot " + log.snapshot() + ")",
                log.promised());
        say("  who votes behind that: %s", configurations(log.governing()));
        if (!log.held().isEmpty()) {
            say("  accepted here and perhaps chosen, kept: slots %s", ranges(log.held()));
        }
        if (!log.empty().isEmpty()) {
            say("  nothing is held of slots %s between, which become no-ops", ranges(log.empty()));
        }
        if (log.missingFrom() == RescuePlan.Log.NOTHING_MISSING) {
            say("  no chosen slot is missing");
            return;
        }
        long last = log.last();
        say(
                "  MAY BE MISSING: from slot %d on, anything that the lost nodes chose among themselves:",
                log.missingFrom());
        if (last >= log.missingFrom()) {
            say(
                    "    slots %s: there, or a no-op; another value may have been chosen, at a higher ballot than what is held",
                    new SlotRange(log.missingFrom(), last + 1));
        }
        say(
                "    slots from %d on, of which nothing is here: any number of them",
                Math.max(last + 1, log.missingFrom()));
    }

    private static String configurations(List<Configuration> governing) {
        return String.join(
                ", then ", governing.stream().map(Configuration::toString).toList());
    }

    private static String ranges(List<SlotRange> ranges) {
        List<String> first =
                ranges.stream().limit(MOST_RANGES).map(SlotRange::toString).toList();
        int more = ranges.size() - first.size();
        return String.join(", ", first) + (more == 0 ? "" : " and " + more + " ranges more");
    }

    private void decrees(RescuePlan.Leaderless decrees) {
        say("decrees: %d decided, %d more accepted here and perhaps chosen, kept", decrees.decided(), decrees.held());
        if (decrees.mayMiss()) {
            say(
                    "  MAY BE MISSING: any decree of which no store here knows a value may have been decided, and those that"
                            + " are only accepted here may have been decided otherwise");
            blank("  asked about, and without a value here", decrees);
        }
    }

    private void registers(RescuePlan.Leaderless registers) {
        say("registers: %d with a state, kept", registers.held());
        if (registers.mayMiss()) {
            say("  MAY BE MISSING: later changes of any register, and registers of which no store here knows");
            blank("  with a later operation begun, of which nothing is here", registers);
        }
    }

    private void blank(String what, RescuePlan.Leaderless names) {
        if (names.blanks() > 0) {
            say(
                    "%s: %s%s",
                    what,
                    String.join(", ", names.blank()),
                    names.blanks() == names.blank().size() ? "" : " and more, " + names.blanks() + " in all");
        }
    }
}
