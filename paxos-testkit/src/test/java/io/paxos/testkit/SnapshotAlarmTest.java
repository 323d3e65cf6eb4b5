// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import io.paxos.event.Completion;
import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Self;
import io.paxos.log.Changes;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.DecidedChange;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.Payload;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.StateDigest;
import io.paxos.model.Value;
import io.paxos.replica.CapturedState;
import io.paxos.replica.NodeStatus;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import io.paxos.spi.Write;
import io.paxos.testkit.simulation.Program;
import io.paxos.testkit.simulation.Variant;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every check of what is forgotten, captured and restored can fail. */
class SnapshotAlarmTest {

    private static final int SEEDS = 120;

    private static final String HONEST = "no vote on the wire that is not durable";
    private static final String IN_ORDER = "execution never skips a slot nor goes back";
    private static final String EXECUTION = "a snapshot is what executing its slots gives";

    static Stream<Arguments> tamperings() {
        return Stream.of(
                machine(
                        "nothing is forgotten without a durable snapshot",
                        AlarmTest.writes(w -> w instanceof Write.TrimWrite t
                                ? new Write.TrimWrite(t.group(), t.compacted() + 1)
                                : w)),
                machine("nothing is forgotten without a durable snapshot", SnapshotAlarmTest::forgetWhatIsExecuted),
                machine("promises never go back", SnapshotAlarmTest::forgetThePromiseWithTheLog),
                machine(HONEST, compactionInPromises(compacted -> 0)),
                machine(HONEST, compactionInPromises(compacted -> compacted - 1)),
                machine(HONEST, compactionInCatchUp(compacted -> 0)),
                machine(HONEST, compactionInCatchUp(compacted -> compacted + 1)),
                machine(IN_ORDER, AlarmTest.without(Effect.Install.class)),
                machine(IN_ORDER, SnapshotAlarmTest::installTwice),
                machine(IN_ORDER, SnapshotAlarmTest::installWhatIsNotThere),
                machine("few parts of a snapshot wait to be stored", (self, event, effects) -> effects.stream()
                        .flatMap(effect ->
                                Stream.generate(() -> effect).limit(effect instanceof Effect.StoreChunk ? 8 : 1))
                        .toList()),
                machine("nobody votes where it has forgotten", new Oblivious()),
                Arguments.of(IN_ORDER, new Underrating()),
                Arguments.of(IN_ORDER, new Rewinding()),
                state(EXECUTION, StaleCapture::new),
                state(EXECUTION, NothingRestored::new),
                state(EXECUTION, LeakingCapture::new),
                state("the same applied sequence everywhere", WrongTime::new),
                state("the same applied sequence everywhere", Twice::new));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tamperings")
    void aNodeThatBreaksARuleIsFoundOut(String property, Program tampered) {
        AlarmTest.mustBeFoundOut(property, tampered, SEEDS);
    }

    private static Arguments machine(String property, AlarmTest.Tampering tampering) {
        return Arguments.of(property, new AlarmTest.Tampered(tampering));
    }

    private static Arguments state(String property, UnaryOperator<StateMachine<Payload, Payload>> wrapping) {
        return Arguments.of(property, new Wrapped(wrapping));
    }

    // What a node says or writes.

    private static List<Effect> forgetWhatIsExecuted(Self self, Event event, List<Effect> effects) {
        List<Effect> changed = new ArrayList<>(effects);
        if (event instanceof Event.Applied applied) {
            changed.add(new Effect.Persist(List.of(new Write.TrimWrite(applied.group(), applied.upTo())), List.of()));
        }
        return changed;
    }

    private static List<Effect> forgetThePromiseWithTheLog(Self self, Event event, List<Effect> effects) {
        List<Effect> changed = new ArrayList<>();
        for (Effect effect : effects) {
            changed.add(effect);
            if (effect instanceof Effect.Persist persist
                    && !persist.writes().isEmpty()
                    && persist.writes().get(0) instanceof Write.TrimWrite trim) {
                changed.add(new Effect.Persist(List.of(new Write.PromiseWrite(trim.group(), Ballot.ZERO)), List.of()));
            }
        }
        return changed;
    }

    private interface Change {
        long of(long compacted);
    }

    private static AlarmTest.Tampering compactionInPromises(Change change) {
        return AlarmTest.messages(m -> m instanceof GroupMessage g && g.body() instanceof LogMessage.Promise p
                ? new GroupMessage(g.group(), compacted(p, change.of(p.compacted())))
                : m);
    }

    private static LogMessage.Promise compacted(LogMessage.Promise p, long compacted) {
        return new LogMessage.Promise(p.ballot(), p.slots(), p.last(), compacted, p.decided(), p.accepted());
    }

    private static AlarmTest.Tampering compactionInCatchUp(Change change) {
        return AlarmTest.messages(m -> m instanceof GroupMessage g && g.body() instanceof LogMessage.CatchUpReply r
                ? new GroupMessage(
                        g.group(),
                        new LogMessage.CatchUpReply(r.first(), r.values(), r.decided(), change.of(r.compacted())))
                : m);
    }

    private static List<Effect> installTwice(Self self, Event event, List<Effect> effects) {
        List<Effect> changed = new ArrayList<>();
        for (Effect effect : effects) {
            changed.add(effect);
            if (effect instanceof Effect.Install) {
                changed.add(effect);
            }
        }
        return changed;
    }

    private static List<Effect> installWhatIsNotThere(Self self, Event event, List<Effect> effects) {
        List<Effect> changed = new ArrayList<>(effects);
        if (event instanceof Event.Applied applied) {
            changed.add(new Effect.Install(applied.group(), new SnapshotInfo(applied.upTo() + 100, 1, 0)));
        }
        return changed;
    }

    /** Accepts once more what it has accepted and forgotten since. */
    private static final class Oblivious implements AlarmTest.Tampering {
        private record Place(Self self, GroupId group) {}

        private final Map<Place, LogMessage.Accept> latest = new HashMap<>();

        @Override
        public List<Effect> change(Self self, Event event, List<Effect> effects) {
            if (event instanceof Event.Received received
                    && received.envelope().message() instanceof GroupMessage g
                    && g.body() instanceof LogMessage.Accept accept) {
                latest.put(new Place(self, g.group()), accept);
            }
            List<Effect> changed = new ArrayList<>();
            for (Effect effect : effects) {
                changed.add(effect);
                if (effect instanceof Effect.Persist persist
                        && !persist.writes().isEmpty()
                        && persist.writes().get(0) instanceof Write.TrimWrite trim) {
                    LogMessage.Accept accept = latest.get(new Place(self, trim.group()));
                    if (accept != null && accept.first() <= trim.compacted()) {
                        Write again =
                                new Write.AcceptWrite(trim.group(), accept.ballot(), accept.first(), accept.values());
                        changed.add(new Effect.Persist(List.of(again), List.of()));
                    }
                }
            }
            return changed;
        }
    }

    /** Nodes that install snapshots and do not take for decided what those stand for. */
    private record Underrating() implements Variant {

        @Override
        public Machine variant(Self self, Machine machine) {
            return new Handing(machine) {
                @Override
                public NodeStatus status() {
                    NodeStatus s = super.status();
                    return new NodeStatus(
                            s.self(),
                            s.formed(),
                            s.stranger(),
                            s.notice(),
                            s.halted(),
                            s.decidedDecrees(),
                            s.openDecrees(),
                            new TreeMap<>());
                }
            };
        }
    }

    /** Replicas that put the snapshot before in the place of what they have executed, though that has come further. */
    private record Rewinding() implements Variant {

        @Override
        public Executor executor(
                Self self,
                GroupId group,
                StateMachine<Payload, Payload> machine,
                SnapshotPolicy policy,
                int mostSessions,
                Changes changes,
                int compareEvery) {
            return new Executor() {
                private Executor executor =
                        PAXOS.executor(self, group, machine, policy, mostSessions, changes, compareEvery);
                private byte @Nullable [] before;

                @Override
                public List<Completion> apply(long first, List<Value> values) {
                    return executor.apply(first, values);
                }

                @Override
                public @Nullable CapturedState takeCapture() {
                    return executor.takeCapture();
                }

                @Override
                public void snapshotEnded() {
                    executor.snapshotEnded();
                }

                @Override
                public List<StateDigest> takeDigests() {
                    return executor.takeDigests();
                }

                @Override
                public List<Completion> restore(InputStream snapshot) throws IOException {
                    byte[] now = snapshot.readAllBytes();
                    byte[] restored = before == null ? now : before;
                    before = now;
                    executor = PAXOS.executor(self, group, machine, policy, mostSessions, changes, compareEvery);
                    return executor.restore(new ByteArrayInputStream(restored));
                }

                @Override
                public long applied() {
                    return executor.applied();
                }

                @Override
                public List<DecidedChange> changes() {
                    return executor.changes();
                }
            };
        }
    }

    // What a node executes.

    /** The product, with someone between the state of a log and the machine that executes. */
    private record Wrapped(UnaryOperator<StateMachine<Payload, Payload>> wrapping) implements Variant {

        @Override
        public StateMachine<Payload, Payload> variant(StateMachine<Payload, Payload> machine) {
            return wrapping.apply(machine);
        }
    }

    private abstract static class Delegating implements StateMachine<Payload, Payload> {
        protected final StateMachine<Payload, Payload> machine;

        Delegating(StateMachine<Payload, Payload> machine) {
            this.machine = machine;
        }

        @Override
        public Payload apply(ApplyContext context, Payload command) {
            return machine.apply(context, command);
        }

        @Override
        public Capture capture() {
            return machine.capture();
        }

        @Override
        public void restore(InputStream snapshot) throws IOException {
            machine.restore(snapshot);
        }
    }

    /** Writes the state of the snapshot before. */
    private static final class StaleCapture extends Delegating {
        private @Nullable Capture before;

        StaleCapture(StateMachine<Payload, Payload> machine) {
            super(machine);
        }

        @Override
        public Capture capture() {
            Capture now = machine.capture();
            Capture stale = before == null ? now : before;
            before = now;
            return stale;
        }
    }

    /** Goes on with the state it had. */
    private static final class NothingRestored extends Delegating {

        NothingRestored(StateMachine<Payload, Payload> machine) {
            super(machine);
        }

        @Override
        public void restore(InputStream snapshot) {}
    }

    /** Captures when it is to write, so that what was executed meanwhile shows. */
    private static final class LeakingCapture extends Delegating {

        LeakingCapture(StateMachine<Payload, Payload> machine) {
            super(machine);
        }

        @Override
        public Capture capture() {
            return out -> machine.capture().writeTo(out);
        }
    }

    /** Executes at a time that is not the log's: of itself it counts from the start of this replica. */
    private static final class WrongTime extends Delegating {
        private long commands;

        WrongTime(StateMachine<Payload, Payload> machine) {
            super(machine);
        }

        @Override
        public Payload apply(ApplyContext context, Payload command) {
            LogTime time = new LogTime(context.time().millis() + commands++);
            return machine.apply(new ApplyContext(context.slot(), time, context.id()), command);
        }
    }

    /** Executes every command twice. */
    private static final class Twice extends Delegating {

        Twice(StateMachine<Payload, Payload> machine) {
            super(machine);
        }

        @Override
        public Payload apply(ApplyContext context, Payload command) {
            machine.apply(context, command);
            return machine.apply(context, command);
        }
    }
}
