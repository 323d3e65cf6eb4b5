// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import io.paxos.testkit.check.Violation;
import io.paxos.testkit.history.History;
import io.paxos.testkit.history.Limits;
import io.paxos.testkit.history.LinearizabilityChecker;
import io.paxos.testkit.history.Model;
import io.paxos.testkit.history.Verdict;
import java.time.Duration;
import java.util.function.Supplier;

/** Holds what the user demands: a predicate may say no, or throw what an assertion throws. */
final class Judgement {

    static final String LINEARIZABLE = "what clients saw is linearizable";

    /** Steps and memory enough for any run, and no time: the same seed must give the same answer. */
    private static final Limits LIMITS = new Limits(50_000_000, 1_000_000, Duration.ofDays(1));

    private Judgement() {}

    static <S, C, R> void requireLinearizable(Model<S, C, R> model, History<C, R> history) {
        Verdict verdict = LinearizabilityChecker.of(model).limits(LIMITS).check(history);
        if (verdict instanceof Verdict.NotLinearizable not) {
            throw new Violation(
                    LINEARIZABLE, not.failure().explanation(), not.failure().picture());
        }
        if (verdict instanceof Verdict.LimitExceeded limit) {
            throw new Violation(LINEARIZABLE, "not found out within " + LIMITS + ": " + limit);
        }
    }

    static <T> void require(Service.Rule<T> rule, T about, Supplier<String> where) {
        boolean holds;
        try {
            holds = rule.holds().test(about);
        } catch (AssertionError | RuntimeException e) {
            Violation violation = new Violation(rule.name(), where.get() + ": " + e.getMessage());
            violation.initCause(e);
            throw violation;
        }
        if (!holds) {
            throw new Violation(rule.name(), where.get());
        }
    }
}
