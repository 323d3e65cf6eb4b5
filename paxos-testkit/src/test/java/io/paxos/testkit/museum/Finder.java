// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.museum;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What must find a planted bug. */
sealed interface Finder {

    /** A test, by its class and method. */
    record Named(String className, String method) implements Finder {
        @Override
        public String toString() {
            return "test " + className + "#" + method;
        }
    }

    /** Consecutive seeds of the simulator, of which one must fail. */
    record Seeds(long first, long last, long events) implements Finder {
        @Override
        public String toString() {
            return "seeds " + first + " to " + last + ", " + events + " events";
        }
    }

    /**
     * Reads what {@link #toString} of either wrote.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static Finder parse(String text) {
        Matcher seeds = Pattern.compile("seeds (\\d+) to (\\d+), (\\d+) events").matcher(text);
        if (seeds.matches()) {
            return new Seeds(
                    Long.parseLong(seeds.group(1)), Long.parseLong(seeds.group(2)), Long.parseLong(seeds.group(3)));
        }
        Matcher named = Pattern.compile("test ([\\w.]+)#(\\w+)").matcher(text);
        if (named.matches()) {
            return new Named(named.group(1), named.group(2));
        }
        throw new IllegalArgumentException(
                "'" + text + "' names no finder; write 'test CLASS#METHOD' or 'seeds FIRST to LAST, N events'");
    }
}
