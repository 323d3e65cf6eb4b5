// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

/**
 * The limits and intervals of the decrees of one node, in ticks and bytes.
 *
 * @param resendTicks how long an answer may take before its question is sent again; the other intervals follow from it
 * @param inFlight how many calls may wait for an answer at once
 * @param queueBytes how many bytes the names and values of those calls may take
 * @param maxValueBytes the largest value
 * @param pageBytes how many bytes of what a node holds one page tells at most to whoever takes it over (rule 16), unless a
 *     single value takes more
 */
public record DecreeConfig(int resendTicks, int inFlight, long queueBytes, int maxValueBytes, int pageBytes) {

    /** Enough for a page to be worth its round trip, and little enough not to hold up votes for long. */
    private static final int USUAL_PAGE_BYTES = 64 << 10;

    /** Further questions follow at doubled intervals up to this multiple of {@code resendTicks}. */
    private static final int SLOWEST_RESEND = 8;

    private static final int PATIENCE = 10;
    private static final int WIDEST_BACKOFF = 16;

    /**
     * Checks every limit.
     *
     * @throws IllegalArgumentException naming the limit, its value and what is possible
     */
    public DecreeConfig {
        requireAtLeast("resendTicks", resendTicks, 1);
        requireAtLeast("inFlight", inFlight, 1);
        requireAtLeast("queueBytes", queueBytes, 1);
        requireAtLeast("maxValueBytes", maxValueBytes, 1);
        requireAtLeast("pageBytes", pageBytes, 1);
    }

    /**
     * Limits with pages of the usual size, 64 KiB.
     *
     * @param resendTicks how long an answer may take before its question is sent again
     * @param inFlight how many calls may wait for an answer at once
     * @param queueBytes how many bytes the names and values of those calls may take
     * @param maxValueBytes the largest value
     * @throws IllegalArgumentException naming the limit, its value and what is possible
     */
    public DecreeConfig(int resendTicks, int inFlight, long queueBytes, int maxValueBytes) {
        this(resendTicks, inFlight, queueBytes, maxValueBytes, USUAL_PAGE_BYTES);
    }

    /**
     * The same with pages that take no more than one message is to carry.
     *
     * @param bytes how much that is, at least 1
     * @return the other limits
     * @throws IllegalArgumentException if it is less
     */
    public DecreeConfig withMessagesOf(int bytes) {
        return new DecreeConfig(resendTicks, inFlight, queueBytes, maxValueBytes, Math.min(pageBytes, bytes));
    }

    /** The longest interval between two sendings of one question. */
    int slowestResendTicks() {
        return SLOWEST_RESEND * resendTicks;
    }

    /** How long an acceptor leaves what it holds to its proposer before it asks for itself. */
    int patienceTicks() {
        return PATIENCE * resendTicks;
    }

    /**
     * From how many ticks the pause before the next ballot is drawn: twice as many each time, so that one of several
     * rivals soon has the time that a ballot takes to itself.
     */
    int backoffTicks(int failures) {
        int widest = WIDEST_BACKOFF * resendTicks;
        int first = Math.max(2, resendTicks / 4);
        return failures > 20 ? widest : (int) Math.min(widest, (long) first << failures);
    }

    private static void requireAtLeast(String what, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(what + " must be at least " + least + ", but is " + value);
        }
    }
}
