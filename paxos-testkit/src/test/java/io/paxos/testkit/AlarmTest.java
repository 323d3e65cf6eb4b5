// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.StartId;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import io.paxos.testkit.simulation.Program;
import io.paxos.testkit.simulation.Variant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every check can fail: nodes that break one rule each, by tampering with what their machine wants, are found out. */
class AlarmTest {

    private static final int SEEDS = 120;
    private static final Payload JUNK = Payload.utf8("junk");

    /** Changes what a machine wants done. */
    interface Tampering {
        List<Effect> change(Self self, Event event, List<Effect> effects);
    }

    static Stream<Arguments> tamperings() {
        return Stream.of(
                one("no vote on the wire that is not durable", AlarmTest::voteBeforeDurable),
                one("no vote on the wire that is not durable", messages(AlarmTest::forgetWhatWasAccepted)),
                one(
                        "every envelope names both incarnations",
                        envelopes(e -> new Envelope(
                                e.cluster(),
                                e.from(),
                                Endpoint.any(e.to().node()),
                                e.start(),
                                e.fingerprint(),
                                e.message()))),
                one(
                        "old copies of stores are told so, and vote no more",
                        envelopes(e -> new Envelope(
                                e.cluster(),
                                e.from(),
                                e.to(),
                                StartId.of(StartId.MAX_NUMBER, 1),
                                e.fingerprint(),
                                e.message()))),
                one("a ballot belongs to one start of one node", messages(AlarmTest::useAnotherStartsBallot)),
                one("phase 1 comes before phase 2", AlarmTest::proposeAtOnce),
                one("one value per ballot", AlarmTest::tellOneNodeAnotherValue),
                one("only proposed values", messages(AlarmTest::proposeJunk)),
                one("promises never go back", AlarmTest::forgetThePromise),
                one(
                        "one formation",
                        writes(w -> w instanceof Write.FormationWrite f
                                ? new Write.FormationWrite(f.bound(), f.bound(), f.renounced())
                                : w)),
                one(
                        "what is decided is chosen",
                        messages(m -> m instanceof GroupMessage g && g.body() instanceof LogMessage.Heartbeat h
                                ? new GroupMessage(g.group(), new LogMessage.Heartbeat(h.ballot(), h.decided() + 1))
                                : m)),
                one(
                        "what is decided of a decree is chosen",
                        outcomes(o -> o instanceof Outcome.Chosen ? new Outcome.Chosen(JUNK) : o)),
                one(
                        "acknowledged is applied once, refused never",
                        outcomes(o ->
                                o instanceof Outcome.Applied a && a.result().size() > 0
                                        ? new Outcome.Refused(Outcome.Reason.TIMEOUT, "not true")
                                        : o)),
                one(
                        "acknowledged is applied once, refused never",
                        outcomes(o ->
                                o instanceof Outcome.Applied a && a.result().size() > 0
                                        ? new Outcome.Applied(a.slot(), JUNK)
                                        : o)),
                one("acknowledged is applied once, refused never", AlarmTest::mixUpCallers),
                one("linearizability", AlarmTest::answerReadsAtOnce),
                one(
                        "what callers saw is linearizable",
                        outcomes(o -> o instanceof Outcome.Unknown
                                ? new Outcome.Refused(Outcome.Reason.TIMEOUT, "not true")
                                : o)),
                one("every call is answered exactly once", AlarmTest::answerTwice),
                one("every call is answered exactly once", without(Effect.Respond.class)),
                one("nothing halts without a cause", AlarmTest::haltAtTheFirstCall),
                one("no leader without a quorum", AlarmTest::neverStepDown),
                one("in calm everything comes right", AlarmTest::neverLead));
    }

    private static Arguments one(String property, Tampering tampering) {
        return Arguments.of(property, tampering);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tamperings")
    void aNodeThatBreaksARuleIsFoundOut(String property, Tampering tampering) {
        mustBeFoundOut(property, new Tampered(tampering), SEEDS);
    }

    /** Within some seeds, the check of a property alarms. */
    static void mustBeFoundOut(String property, Program tampered, int seeds) {
        List<String> others = new ArrayList<>();
        for (long seed = 0; seed < seeds; seed++) {
            try {
                Simulation.builder(seed).events(4_000).program(tampered).run();
            } catch (SimulationFailure failure) {
                if (failure.property().equals(property)) {
                    assertThat(failure).hasMessageContaining("seed " + seed + " ");
                    return;
                }
                others.add(failure.property());
            }
        }
        fail("not found out by " + property + " within " + seeds + " seeds, only by " + others);
    }

    // Ways of tampering.

    private static List<Effect> voteBeforeDurable(Self self, Event event, List<Effect> effects) {
        List<Effect> changed = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist persist) {
                changed.add(new Effect.Persist(persist.writes(), List.of()));
                persist.afterDurable().forEach(envelope -> changed.add(new Effect.Send(envelope)));
            } else {
                changed.add(effect);
            }
        }
        return changed;
    }

    private static Message forgetWhatWasAccepted(Message message) {
        return message instanceof GroupMessage g && g.body() instanceof LogMessage.Promise p
                ? new GroupMessage(
                        g.group(),
                        new LogMessage.Promise(p.ballot(), p.slots(), p.last(), p.compacted(), p.decided(), List.of()))
                : message;
    }

    private static Message useAnotherStartsBallot(Message message) {
        if (message instanceof GroupMessage g && g.body() instanceof LogMessage.Prepare p) {
            Ballot ballot = new Ballot(
                    p.ballot().round(), p.ballot().proposer(), p.ballot().start() + 1);
            return new GroupMessage(g.group(), new LogMessage.Prepare(ballot, p.from()));
        }
        return message;
    }

    private static List<Effect> proposeAtOnce(Self self, Event event, List<Effect> effects) {
        List<Effect> changed = new ArrayList<>();
        for (Effect effect : effects) {
            changed.add(effect);
            if (effect instanceof Effect.Send send
                    && send.envelope().message() instanceof GroupMessage g
                    && g.body() instanceof LogMessage.Prepare p) {
                LogMessage accept = new LogMessage.Accept(p.ballot(), p.from(), List.of(Value.NO_OP), 0);
                changed.add(new Effect.Send(send.envelope().with(new GroupMessage(g.group(), accept))));
            }
        }
        return changed;
    }

    private static List<Effect> tellOneNodeAnotherValue(Self self, Event event, List<Effect> effects) {
        return envelopes(e -> e.message() instanceof GroupMessage g
                                && g.body() instanceof LogMessage.Accept a
                                && e.to().node().equals(NodeId.of("n2"))
                        ? new Envelope(
                                e.cluster(),
                                e.from(),
                                e.to(),
                                e.start(),
                                e.fingerprint(),
                                new GroupMessage(
                                        g.group(),
                                        new LogMessage.Accept(
                                                a.ballot(),
                                                a.first(),
                                                a.values().stream()
                                                        .map(v -> Value.NO_OP)
                                                        .toList(),
                                                a.decided())))
                        : e)
                .change(self, event, effects);
    }

    private static List<Effect> forgetThePromise(Self self, Event event, List<Effect> effects) {
        return each(effect -> {
                    if (effect instanceof Effect.Persist persist) {
                        List<Write> writes = new ArrayList<>(persist.writes());
                        persist.writes().forEach(write -> {
                            if (write instanceof Write.AcceptWrite accept) {
                                writes.add(new Write.PromiseWrite(accept.group(), Ballot.ZERO));
                            }
                        });
                        return new Effect.Persist(writes, persist.afterDurable());
                    }
                    return effect;
                })
                .change(self, event, effects);
    }

    private static Message proposeJunk(Message message) {
        return message instanceof GroupMessage g && g.body() instanceof LogMessage.Accept a
                ? new GroupMessage(
                        g.group(),
                        new LogMessage.Accept(
                                a.ballot(),
                                a.first(),
                                a.values().stream()
                                        .map(v -> v instanceof Value.Command c
                                                ? new Value.Command(c.id(), c.floor(), c.time(), JUNK)
                                                : v)
                                        .toList(),
                                a.decided()))
                : message;
    }

    private static List<Effect> answerReadsAtOnce(Self self, Event event, List<Effect> effects) {
        return event instanceof Event.Read read
                ? List.of(new Effect.Respond(read.request(), new Outcome.Current(1)))
                : effects;
    }

    private static List<Effect> mixUpCallers(Self self, Event event, List<Effect> effects) {
        return each(effect -> {
                    if (effect instanceof Effect.Apply a && !a.callers().isEmpty()) {
                        List<@Nullable RequestId> callers = new ArrayList<>(a.callers());
                        Collections.rotate(callers, 1);
                        return new Effect.Apply(a.group(), a.first(), a.values(), callers);
                    }
                    return effect;
                })
                .change(self, event, effects);
    }

    private static List<Effect> answerTwice(Self self, Event event, List<Effect> effects) {
        List<Effect> changed = new ArrayList<>(effects);
        effects.stream().filter(Effect.Respond.class::isInstance).forEach(changed::add);
        return changed;
    }

    private static List<Effect> haltAtTheFirstCall(Self self, Event event, List<Effect> effects) {
        return event instanceof Event.Agree || event instanceof Event.Submit
                ? List.of(new Effect.Halted(null, "tired"))
                : effects;
    }

    private static List<Effect> neverStepDown(Self self, Event event, List<Effect> effects) {
        return effects.stream()
                .filter(effect ->
                        !(effect instanceof Effect.RoleChanged changed) || changed.role() == Effect.RoleName.LEADER)
                .toList();
    }

    private static List<Effect> neverLead(Self self, Event event, List<Effect> effects) {
        return effects.stream()
                .filter(effect -> !(effect instanceof Effect.Send send
                        && send.envelope().message() instanceof GroupMessage g
                        && g.body() instanceof LogMessage.Prepare))
                .toList();
    }

    static Tampering without(Class<? extends Effect> kind) {
        return (self, event, effects) ->
                effects.stream().filter(effect -> !kind.isInstance(effect)).toList();
    }

    static Tampering messages(UnaryOperator<Message> change) {
        return envelopes(e -> e.with(change.apply(e.message())));
    }

    private static Tampering envelopes(UnaryOperator<Envelope> change) {
        return each(effect -> {
            if (effect instanceof Effect.Send send) {
                return new Effect.Send(change.apply(send.envelope()));
            }
            return effect instanceof Effect.Persist persist
                    ? new Effect.Persist(
                            persist.writes(),
                            persist.afterDurable().stream().map(change).toList())
                    : effect;
        });
    }

    static Tampering writes(UnaryOperator<Write> change) {
        return each(effect -> effect instanceof Effect.Persist persist
                ? new Effect.Persist(persist.writes().stream().map(change).toList(), persist.afterDurable())
                : effect);
    }

    private static Tampering outcomes(UnaryOperator<Outcome> change) {
        return each(effect -> effect instanceof Effect.Respond respond
                ? new Effect.Respond(respond.request(), change.apply(respond.outcome()))
                : effect);
    }

    static Tampering each(UnaryOperator<Effect> change) {
        return (self, event, effects) -> effects.stream().map(change).toList();
    }

    /** The product's machine, with someone between it and its host. */
    record Tampered(Tampering tampering) implements Variant {

        @Override
        public Machine variant(Self self, Machine machine) {
            return new Handing(machine) {
                @Override
                public List<Effect> step(Event event) {
                    return tampering.change(self, event, super.step(event));
                }
            };
        }
    }
}
