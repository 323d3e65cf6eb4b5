// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples;

/** How much the library's own log says, on the standard error. */
public final class Logging {

    private static final String LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    private Logging() {}

    /**
     * Sets the level of all loggers, unless it was set on the command line by the system property
     * {@code org.slf4j.simpleLogger.defaultLogLevel}. Takes effect only before the first logger is made.
     *
     * @param level one of debug, info, warn, error
     */
    public static void level(String level) {
        if (System.getProperty(LEVEL) == null) {
            System.setProperty(LEVEL, level);
        }
    }
}
