// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

/**
 * One way for a file system to crash. Written as text, it can be read back.
 *
 * @param operation after which operation, counted from 1; 0 is before the first
 * @param kind what becomes of the operations that were not forced
 * @param variant which of the possibilities of that kind, from 0 on
 */
public record CrashChoice(int operation, CrashKind kind, long variant) {

    /**
     * Reads what {@link #toString} wrote.
     *
     * @param text three parts with a slash between them
     * @return the choice
     * @throws IllegalArgumentException if it is no such text
     */
    public static CrashChoice parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a crash reads like 17/TORN_SECTOR/3, not " + text);
        }
        return new CrashChoice(Integer.parseInt(parts[0]), CrashKind.valueOf(parts[1]), Long.parseLong(parts[2]));
    }

    @Override
    public String toString() {
        return operation + "/" + kind + "/" + variant;
    }
}
