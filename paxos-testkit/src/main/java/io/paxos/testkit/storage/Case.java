// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import io.paxos.testkit.disk.CrashChoice;
import io.paxos.testkit.disk.Damage;
import io.paxos.testkit.disk.LiveFault;
import java.util.ArrayList;
import java.util.List;

/** One thing that is tried with a store. Written as text, it can be read back and tried again. */
public sealed interface Case {

    /** The system property that names a single case to try. */
    String PROPERTY = "paxos.storage.replay";

    /**
     * The seed of its script.
     *
     * @return the seed
     */
    long seed();

    /**
     * A script is played, and the store crashes, once, or again after it was opened again.
     *
     * @param seed the seed of the script
     * @param crashes the crashes; none for a script that is played to its end
     */
    record Crash(long seed, List<CrashChoice> crashes) implements Case {
        /** Copies the list. */
        public Crash {
            crashes = List.copyOf(crashes);
        }

        Crash then(CrashChoice next) {
            List<CrashChoice> more = new ArrayList<>(crashes);
            more.add(next);
            return new Crash(seed, more);
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("crash " + seed);
            crashes.forEach(crash -> text.append(' ').append(crash));
            return text.toString();
        }
    }

    /**
     * A script is played on a disk with a fault.
     *
     * @param seed the seed of the script
     * @param fault the fault
     */
    record Fault(long seed, LiveFault fault) implements Case {
        @Override
        public String toString() {
            return "fault " + seed + " " + fault;
        }
    }

    /**
     * A script is played, and then a file is damaged.
     *
     * @param seed the seed of the script
     * @param closed whether the store was closed before
     * @param damage the damage
     */
    record Rot(long seed, boolean closed, Damage damage) implements Case {
        @Override
        public String toString() {
            return "damage " + seed + (closed ? " closed " : " open ") + damage;
        }
    }

    /**
     * Reads a case.
     *
     * @param text what {@code toString} of a case wrote
     * @return the case
     * @throws IllegalArgumentException if it is no such text
     */
    static Case parse(String text) {
        String[] words = text.trim().split(" +", -1);
        if (words.length >= 2 && words[0].equals("crash")) {
            List<CrashChoice> crashes = new ArrayList<>();
            for (int i = 2; i < words.length; i++) {
                crashes.add(CrashChoice.parse(words[i]));
            }
            return new Crash(Long.parseLong(words[1]), crashes);
        } else if (words.length == 3 && words[0].equals("fault")) {
            return new Fault(Long.parseLong(words[1]), LiveFault.parse(words[2]));
        } else if (words.length == 4 && words[0].equals("damage")) {
            return new Rot(Long.parseLong(words[1]), words[2].equals("closed"), Damage.parse(words[3]));
        }
        throw new IllegalArgumentException("no case reads like this: " + text);
    }

    /** The failure of this case. */
    default AssertionError failure(Throwable cause) {
        return new StorageViolation(
                cause.getMessage() + System.lineSeparator() + "seed " + seed() + ", case: " + this
                        + System.lineSeparator() + "to try only this, run the test with -D" + PROPERTY + "=\"" + this
                        + "\"",
                cause);
    }
}
