// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A store is damaged: bytes that it must hold are missing or are not those that were written. It is left as it was
 * found, and its node must not vote on what remains, for that would be a guess.
 */
public final class JournalDamagedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String file;
    private final long offset;
    private final String what;
    private final String loss;
    private final String remedy;

    /**
     * Names everything that is known.
     *
     * @param file the damaged file
     * @param offset where in the file, in bytes from its beginning
     * @param what what is wrong there
     * @param loss what may be lost
     * @param remedy what to do about it
     */
    JournalDamagedException(Path file, long offset, String what, String loss, String remedy) {
        super(file + " is damaged at offset " + offset + ": " + what + ". What may be lost: " + loss + ". Remedy: "
                + remedy);
        this.file = file.toString();
        this.offset = offset;
        this.what = what;
        this.loss = loss;
        this.remedy = remedy;
    }

    /**
     * Which file is damaged.
     *
     * @return its path
     */
    public String file() {
        return file;
    }

    /**
     * Where the damage begins.
     *
     * @return bytes from the beginning of the file
     */
    public long offset() {
        return offset;
    }

    String what() {
        return what;
    }

    /**
     * What may be lost.
     *
     * @return words for an operator
     */
    public String loss() {
        return loss;
    }

    /**
     * What to do about it.
     *
     * @return words for an operator
     */
    public String remedy() {
        return remedy;
    }
}
