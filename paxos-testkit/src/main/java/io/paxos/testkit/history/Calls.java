// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import io.paxos.testkit.history.Operation.Ending;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The calls of one part as a search wants them: those that were answered, and the open ones, each in the order of their
 * invocations.
 */
final class Calls<I, O> {

    private final List<Operation<I, O>> answered = new ArrayList<>();
    private final List<Operation<I, O>> open = new ArrayList<>();
    private final int[] byAnswer;
    private final int[] rank;
    private final int[] twins;
    private final BitSet reads = new BitSet();

    /** The operations are in the order of their invocations. */
    Calls(Model<?, I, O> model, List<Operation<I, O>> operations) {
        for (Operation<I, O> operation : operations) {
            (operation.ending() == Ending.RETURNED ? answered : open).add(operation);
        }
        for (int i = 0; i < answered.size(); i++) {
            reads.set(i, model.isRead(answered.get(i).input()));
        }
        Integer[] sorted = new Integer[answered.size()];
        Arrays.setAll(sorted, i -> i);
        Arrays.sort(sorted, Comparator.comparingLong(this::answerOf));
        byAnswer = new int[sorted.length];
        rank = new int[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            byAnswer[i] = sorted[i];
            rank[sorted[i]] = i;
        }
        twins = new int[open.size()];
        Map<I, Integer> last = new HashMap<>();
        for (int i = 0; i < twins.length; i++) {
            Integer twin = last.put(open.get(i).input(), i);
            twins[i] = twin == null ? -1 : twin;
        }
    }

    private long answerOf(int call) {
        return Objects.requireNonNull(answered.get(call).ended()).order();
    }

    int answered() {
        return answered.size();
    }

    int open() {
        return open.size();
    }

    Operation<I, O> answered(int call) {
        return answered.get(call);
    }

    Operation<I, O> open(int call) {
        return open.get(call);
    }

    /** Whether an answered call certainly changes nothing. */
    boolean isRead(int call) {
        return reads.get(call);
    }

    /** Which call was answered as the first, the second, … */
    int byAnswer(int place) {
        return byAnswer[place];
    }

    /** The other way round: as the how manieth this call was answered. */
    int rank(int call) {
        return rank[call];
    }

    /** The last earlier open call that asks the same as this one, or -1. */
    int twin(int openCall) {
        return twins[openCall];
    }

    /** Whether a call was invoked before the answer of this place was given. */
    boolean isInvokedBefore(Operation<I, O> operation, int place) {
        return operation.invoked().order() < answerOf(byAnswer[place]);
    }
}
