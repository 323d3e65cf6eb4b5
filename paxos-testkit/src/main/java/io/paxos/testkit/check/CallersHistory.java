// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Payload;
import io.paxos.testkit.history.HistoryRecorder;
import io.paxos.testkit.history.Limits;
import io.paxos.testkit.history.LinearizabilityChecker;
import io.paxos.testkit.history.Model;
import io.paxos.testkit.history.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the callers of a run asked and heard, taken together, is linearizable. Nothing else is looked at: no message, no
 * store, no slot; that is what makes this worth having beside {@link RealTimeOrder}, which knows them all. Whoever has no
 * answer when the run ends, its node having crashed, is in doubt for ever.
 */
final class CallersHistory implements Check {

    private static final String PROPERTY = "what callers saw is linearizable";

    /** In steps and memory as much as any run may need; no time, for the same seed must give the same answer. */
    private static final Limits LIMITS = new Limits(50_000_000, 1_000_000, Duration.ofDays(1));

    private final @Nullable ToLongFunction<Payload> numbers;
    private final HistoryRecorder<LogModel.Input, Long> logs = new HistoryRecorder<>(() -> 0);
    private final HistoryRecorder<DecreeModel.Input, Optional<Payload>> decrees = new HistoryRecorder<>(() -> 0);
    private final Map<Long, HistoryRecorder<LogModel.Input, Long>.Invocation> logCalls = new HashMap<>();
    private final Map<Long, HistoryRecorder<DecreeModel.Input, Optional<Payload>>.Invocation> decreeCalls =
            new HashMap<>();
    private final HistoryRecorder<RegistersModel.Input, RegistersModel.Answer> registers =
            new HistoryRecorder<>(() -> 0);
    private final Map<Long, HistoryRecorder<RegistersModel.Input, RegistersModel.Answer>.Invocation> registerCalls =
            new HashMap<>();

    /**
     * A check of one run.
     *
     * @param numbers reads out of the result of a command its number in the sequence of all; null if results do not tell,
     *     and then its slot has to
     */
    CallersHistory(@Nullable ToLongFunction<Payload> numbers) {
        this.numbers = numbers;
    }

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void calling(Facts facts, Call call) {
        long request = call.request().number();
        GroupId group = call.group();
        DecreeName name = call.decree();
        String caller = call.node().self().node() + " #" + request;
        if (group != null && call.isLinearizable()) {
            boolean append = call.event() instanceof Event.Submit;
            logCalls.put(request, logs.invoke(caller, append ? new LogModel.Append(group) : new LogModel.Look(group)));
        } else if (name != null) {
            Payload value = call.payload();
            decreeCalls.put(
                    request,
                    decrees.invoke(
                            caller, value == null ? new DecreeModel.Ask(name) : new DecreeModel.Propose(name, value)));
        } else if (call.event() instanceof Event.ReadRegister read) {
            registerCalls.put(request, registers.invoke(caller, new RegistersModel.Look(read.name())));
        } else if (call.event() instanceof Event.ChangeRegister asked) {
            registerCalls.put(
                    request,
                    registers.invoke(caller, new RegistersModel.Change(asked.name(), asked.request(), asked.change())));
        }
    }

    @Override
    public void answering(Facts facts, Call call, Outcome outcome) {
        long request = call.request().number();
        HistoryRecorder<LogModel.Input, Long>.Invocation logCall = logCalls.remove(request);
        HistoryRecorder<DecreeModel.Input, Optional<Payload>>.Invocation decreeCall = decreeCalls.remove(request);
        if (logCall != null) {
            if (outcome instanceof Outcome.Applied applied) {
                logCall.returned(number(facts, call, applied));
            } else if (outcome instanceof Outcome.Current) {
                // What its replica has, which the caller reads now.
                logCall.returned((long) facts.executed(call.node(), ((Event.Read) call.event()).group()));
            } else if (outcome instanceof Outcome.Refused) {
                logCall.refused();
            }
        } else if (decreeCall != null) {
            if (outcome instanceof Outcome.Chosen chosen) {
                decreeCall.returned(Optional.of(chosen.value()));
            } else if (outcome instanceof Outcome.Undecided) {
                decreeCall.returned(Optional.empty());
            } else if (outcome instanceof Outcome.Refused) {
                decreeCall.refused();
            }
        } else {
            answering(registerCalls.remove(request), outcome);
        }
    }

    private static void answering(
            HistoryRecorder<RegistersModel.Input, RegistersModel.Answer>.@Nullable Invocation call, Outcome outcome) {
        if (call == null) {
            return;
        }
        if (outcome instanceof Outcome.Held held) {
            call.returned(new RegistersModel.Answer(false, Optional.ofNullable(held.value())));
        } else if (outcome instanceof Outcome.Changed changed) {
            call.returned(new RegistersModel.Answer(true, Optional.ofNullable(changed.value())));
        } else if (outcome instanceof Outcome.Refused) {
            call.refused();
        }
    }

    private long number(Facts facts, Call call, Outcome.Applied applied) {
        GroupId group = ((Event.Submit) call.event()).group();
        return numbers == null ? facts.executedUpTo(group, applied.slot()) : numbers.applyAsLong(applied.result());
    }

    @Override
    public void finished() {
        judge(new LogModel(), logs);
        judge(new DecreeModel(), decrees);
        judge(new RegistersModel(), registers);
    }

    private static <S, I, O> void judge(Model<S, I, O> model, HistoryRecorder<I, O> recorder) {
        Verdict verdict = LinearizabilityChecker.of(model).limits(LIMITS).check(recorder.history());
        if (verdict instanceof Verdict.NotLinearizable not) {
            throw new Violation(
                    PROPERTY, not.failure().explanation(), not.failure().picture());
        }
        if (verdict instanceof Verdict.LimitExceeded limit) {
            throw new Violation(PROPERTY, "not found out within " + LIMITS + ": " + limit);
        }
    }
}
