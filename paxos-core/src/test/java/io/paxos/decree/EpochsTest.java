// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.DecreeMessage;
import io.paxos.message.EpochMessage;
import io.paxos.message.EpochMessage.At;
import io.paxos.message.EpochMessage.Decided;
import io.paxos.message.EpochMessage.Held;
import io.paxos.message.EpochMessage.In;
import io.paxos.message.EpochMessage.OfRegister;
import io.paxos.message.EpochMessage.Page;
import io.paxos.message.EpochMessage.Place;
import io.paxos.message.EpochMessage.Pull;
import io.paxos.message.EpochMessage.Section;
import io.paxos.message.EpochMessage.Undecided;
import io.paxos.message.Message;
import io.paxos.message.Probe;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.Configuration;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.EpochMark;
import io.paxos.model.Fingerprint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.quorum.FlexibleQuorums;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.quorum.QuorumSystem;
import io.paxos.single.SingleMessage;
import io.paxos.single.SingleMessage.Accept;
import io.paxos.single.SingleMessage.Decide;
import io.paxos.single.SingleMessage.Nack;
import io.paxos.single.SingleMessage.Prepare;
import io.paxos.single.SingleMessage.Promise;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Rule 16 at one node, message by message. */
class EpochsTest {

    private static final Endpoint E1 = endpoint(1);
    private static final Endpoint E2 = endpoint(2);
    private static final Endpoint E3 = endpoint(3);
    private static final Endpoint E4 = endpoint(4);
    private static final Endpoint E5 = endpoint(5);
    private static final DecreeName X = new DecreeName("x");
    private static final RegisterName R = new RegisterName("r");
    private static final Payload A = Payload.utf8("a");
    private static final Payload B = Payload.utf8("b");
    private static final DecreeConfig CONFIG = new DecreeConfig(10, 100, 1 << 20, 1000);
    private static final int LONG = 1_000_000;

    private static Endpoint endpoint(int number) {
        return new Endpoint(new NodeId("n" + number), new Incarnation(number));
    }

    private static Membership members(Endpoint... endpoints) {
        TreeMap<NodeId, Incarnation> voters = new TreeMap<>();
        for (Endpoint endpoint : endpoints) {
            voters.put(endpoint.node(), endpoint.incarnation());
        }
        return new Membership(voters);
    }

    private static Ballot ballot(long round, Endpoint by) {
        return new Ballot(round, by.node(), 7);
    }

    private static DecreeMessage step(SingleMessage body) {
        return new DecreeMessage.Step(X, body);
    }

    private static In in(long epoch, SingleMessage body) {
        return new In(epoch, step(body));
    }

    /** One node, whose writes are durable at once. */
    private static final class Node {
        final Decrees decrees;
        final Registers registers;
        final Epochs epochs;
        final Function<Set<NodeId>, QuorumSystem> quorums;
        final List<Write> written = new ArrayList<>();
        final Map<RequestId, Outcome> answers = new HashMap<>();
        private final List<Message> sent = new ArrayList<>();
        private final long start;

        Node(Endpoint endpoint, Membership first) {
            this(endpoint, first, MajorityQuorums::of, EpochMark.FIRST);
        }

        Node(Endpoint endpoint, Membership first, DecreeConfig config) {
            this(endpoint, first, MajorityQuorums::of, EpochMark.FIRST, config);
        }

        Node(Endpoint endpoint, Membership first, Function<Set<NodeId>, QuorumSystem> quorums, EpochMark recovered) {
            this(endpoint, first, quorums, recovered, CONFIG);
        }

        Node(
                Endpoint endpoint,
                Membership first,
                Function<Set<NodeId>, QuorumSystem> quorums,
                EpochMark recovered,
                DecreeConfig config) {
            this.quorums = quorums;
            this.start = 70 + endpoint.incarnation().bits();
            Self self = new Self(new ClusterName("c"), endpoint, start);
            this.decrees = new Decrees(self, config, new Random(1), Map.of(), Map.of());
            this.registers = new Registers(self, config, new Random(1), Map.of());
            this.epochs = new Epochs(
                    self,
                    config,
                    decrees,
                    registers,
                    recovered,
                    mark -> new Write.FormationWrite(null, first, List.of(), mark));
            QuorumSystem system = quorums.apply(first.voters().keySet());
            boolean votes = first.counts(endpoint);
            carryOut(decrees.form(first, system, votes));
            carryOut(registers.form(first, system, votes));
            carryOut(epochs.form(first, system, Fingerprint.of(first, "test"), false));
        }

        /** What it says at once, and then what it says when all is written. */
        List<Message> carryOut(List<Effect> effects) {
            sent.clear();
            for (Effect effect : effects) {
                if (effect instanceof Effect.Persist persist) {
                    written.addAll(persist.writes());
                    persist.afterDurable().forEach(envelope -> sent.add(envelope.message()));
                } else if (effect instanceof Effect.Send send) {
                    sent.add(send.envelope().message());
                } else if (effect instanceof Effect.Respond respond) {
                    answers.put(respond.request(), respond.outcome());
                }
            }
            return List.copyOf(sent);
        }

        List<Message> hear(Endpoint from, Message message) {
            if (message instanceof DecreeMessage decree) {
                return carryOut(decrees.onMessage(from, decree));
            }
            if (message instanceof RegisterMessage register) {
                return carryOut(registers.onMessage(from, register));
            }
            return carryOut(epochs.onMessage(from, (EpochMessage) message));
        }

        List<Message> next(long epoch, Membership membership) {
            return carryOut(epochs.decided(
                    new Configuration(epoch, membership, new TreeSet<>()),
                    quorums.apply(membership.voters().keySet())));
        }

        /** All that a node tells that has come so far, in three pages. */
        void inherit(Endpoint from, EpochMark mark, long epoch, Held... held) {
            Place[] places = {Place.FIRST, new Place(Section.REGISTERS, "", 0, 0), new Place(Section.DECIDED, "", 0, 0)
            };
            for (int i = 0; i < places.length; i++) {
                hear(
                        from,
                        new Page(
                                probe(epoch),
                                mark,
                                places[i],
                                i == 0 ? List.of(held) : List.of(),
                                i == 2 ? null : places[i + 1]));
            }
        }

        Probe probe(long epoch) {
            return new Probe(start, epoch);
        }

        boolean votesIn(long epoch) {
            Message prepare = EpochMessage.in(
                    epoch,
                    new DecreeMessage.Step(new DecreeName("?"), new Prepare(ballot(1_000 + written.size(), E5))));
            return hear(E5, prepare).stream()
                    .map(message -> message instanceof In in ? in.part() : message)
                    .anyMatch(message -> message instanceof DecreeMessage.Step step && step.body() instanceof Promise);
        }
    }

    private static EpochMark at(long epoch, long covered) {
        return new EpochMark(epoch, covered);
    }

    // --- sealing --------------------------------------------------------------------------------------------------

    @Test
    void rule16_whoHasSealedAnEpochNeverVotesInItAgainAndSaysHowFarItIs() {
        Node n1 = new Node(E1, members(E1, E2, E3));
        assertThat(n1.votesIn(0)).isTrue();

        n1.next(1, members(E2, E3, E4));

        assertThat(n1.written).endsWith(new Write.FormationWrite(null, members(E1, E2, E3), List.of(), at(1, 0)));
        assertThat(n1.hear(E2, step(new Prepare(ballot(5, E2))))).containsExactly(new At(at(1, 0)));
        assertThat(n1.hear(E2, step(new Accept(ballot(5, E2), A)))).containsExactly(new At(at(1, 0)));
        assertThat(n1.hear(E2, new DecreeMessage.Query(X, new Probe(1, 1)))).containsExactly(new At(at(1, 0)));
        assertThat(n1.hear(E2, new RegisterMessage.Step(R, new Prepare(ballot(5, E2)))))
                .containsExactly(new At(at(1, 0)));
        assertThat(n1.hear(E2, new RegisterMessage.Query(R, new Probe(1, 1)))).containsExactly(new At(at(1, 0)));
    }

    @Test
    void rule16_whoVotesInALaterEpochVotesInNoOther() {
        Node n1 = new Node(E1, members(E1, E2, E3));
        n1.next(1, members(E1, E2, E3));
        assertThat(n1.votesIn(0)).isFalse();
        assertThat(n1.votesIn(1)).isFalse();
        n1.inherit(E2, at(1, 0), 1);

        assertThat(n1.votesIn(1)).isTrue();
        assertThat(n1.votesIn(0)).isFalse();
        assertThat(n1.votesIn(2)).isFalse();
    }

    @Test
    void rule16_aSealSurvivesARestartThoughTheLogHasNotBeenReadYet() {
        Node n1 = new Node(E1, members(E1, E2, E3), MajorityQuorums::of, at(1, 1));

        assertThat(n1.votesIn(0)).isFalse();
        assertThat(n1.votesIn(1))
                .as("it does not know yet whether it is a member")
                .isFalse();
        assertThat(n1.epochs.isBehind()).isTrue();
        n1.next(1, members(E1, E4));
        assertThat(n1.votesIn(1)).isTrue();
        assertThat(n1.votesIn(0)).isFalse();
    }

    @Test
    void rule16_whoDoesNotHoldWhatWasLeftForAnEpochDoesNotSealIt() {
        Node n4 = new Node(E4, members(E1, E2, E3));
        n4.next(1, members(E2, E3, E4));
        n4.next(2, members(E3, E4, E5));

        assertThat(n4.epochs.mark()).isEqualTo(at(1, 0));
        assertThat(n4.hear(E5, new Pull(2, new Probe(1, 2), Place.FIRST))).containsExactly(new At(at(1, 0)));
        n4.inherit(E1, at(1, 0), 1);
        n4.inherit(E2, at(1, 0), 1);
        assertThat(n4.epochs.mark()).isEqualTo(at(2, 1));
        assertThat(n4.hear(E5, new Pull(2, new Probe(1, 2), Place.FIRST))).hasOnlyElementsOfType(Page.class);
    }

    // --- what is taken over ---------------------------------------------------------------------------------------

    @Test
    void rule16_aMemberVotesOnlyWithWhatAQuorumOfTheSealedHasLeft() {
        Node n4 = new Node(E4, members(E1, E2, E3));
        List<Message> asks = n4.next(1, members(E2, E3, E4));
        assertThat(asks).contains(new Pull(1, n4.probe(1), Place.FIRST));

        n4.inherit(
                E1,
                at(1, 0),
                1,
                new Undecided(X, ballot(6, E1), new Proposal<>(ballot(4, E1), A)),
                new OfRegister(R, ballot(2, E1), null));
        assertThat(n4.votesIn(1)).as("one of three is no quorum").isFalse();
        n4.inherit(E2, at(1, 0), 1, new Undecided(X, ballot(5, E2), new Proposal<>(ballot(5, E2), B)));

        assertThat(n4.votesIn(1)).isTrue();
        assertThat(n4.hear(E3, in(1, new Prepare(ballot(5, E3)))))
                .as("the highest promise of all")
                .containsExactly(in(1, new Nack(ballot(5, E3), ballot(6, E1))));
        assertThat(n4.hear(E3, in(1, new Prepare(ballot(9, E3)))))
                .as("the proposal of the highest ballot")
                .containsExactly(in(1, new Promise(ballot(9, E3), new Proposal<>(ballot(5, E2), B))));
    }

    @Test
    void rule16_aPromiseIsTakenOverThoughNothingWasAccepted() {
        Node n2 = new Node(E2, members(E1, E2, E3));
        n2.next(1, members(E2, E4));
        n2.inherit(E1, at(1, 0), 1, new Undecided(X, ballot(9, E1), null), new OfRegister(R, ballot(8, E1), null));

        assertThat(n2.hear(E4, in(1, new Prepare(ballot(5, E4)))))
                .containsExactly(in(1, new Nack(ballot(5, E4), ballot(9, E1))));
        assertThat(n2.hear(E4, new In(1, new RegisterMessage.Step(R, new Prepare(ballot(5, E4))))))
                .containsExactly(new In(1, new RegisterMessage.Step(R, new Nack(ballot(5, E4), ballot(8, E1)))));
    }

    /** Two quorums that prepare need not meet: of one that proposed something the other might know nothing. */
    @Test
    void rule16_whereTwoQuorumsThatPrepareNeedNotMeetOneThatChoosesIsWaitedForToo() {
        Function<Set<NodeId>, QuorumSystem> quorums = names -> new FlexibleQuorums(names, 1, names.size());
        Node n5 = new Node(E5, members(E1, E2), quorums, EpochMark.FIRST);
        n5.next(1, members(E5));

        n5.inherit(E1, at(1, 0), 1);
        assertThat(n5.epochs.mark()).isEqualTo(at(1, 0));
        n5.inherit(E2, at(1, 0), 1, new Undecided(X, ballot(9, E1), null));
        assertThat(n5.epochs.mark()).isEqualTo(at(1, 1));
    }

    @Test
    void rule16_whereOneNodeMayChooseAllMembersAreWaitedFor() {
        Function<Set<NodeId>, QuorumSystem> quorums = names -> new FlexibleQuorums(names, names.size(), 1);
        Node n5 = new Node(E5, members(E1, E2), quorums, EpochMark.FIRST);
        n5.next(1, members(E5));

        n5.inherit(E1, at(1, 0), 1);
        assertThat(n5.epochs.mark()).isEqualTo(at(1, 0));
        n5.inherit(E2, at(1, 0), 1);
        assertThat(n5.epochs.mark()).isEqualTo(at(1, 1));
    }

    @Test
    void rule16_aDecidedNameComesAlongAndIsAnsweredByWhoeverKnowsIt() {
        Node n4 = new Node(E4, members(E1, E2, E3));
        n4.next(1, members(E2, E3, E4));
        n4.inherit(E1, at(1, 0), 1, new Undecided(X, ballot(3, E1), new Proposal<>(ballot(3, E1), A)));
        n4.inherit(E2, at(1, 0), 1, new Decided(X, A));

        assertThat(n4.decrees.decided(X)).isEqualTo(A);
        assertThat(n4.written).contains(new Write.DecreeDecidedWrite(X, A));
        DecreeMessage decision = step(new Decide(A));
        assertThat(n4.hear(E1, step(new Prepare(ballot(9, E1)))))
                .as("in any epoch")
                .containsExactly(decision);
        assertThat(n4.hear(E3, in(1, new Accept(ballot(9, E3), B)))).containsExactly(decision);
    }

    @Test
    void rule16_whatWasTakenOverIsWrittenBeforeTheNodeMayVote() {
        Node n4 = new Node(E4, members(E1, E2, E3));
        n4.next(1, members(E2, E3, E4));
        n4.written.clear();
        n4.inherit(E1, at(1, 0), 1, new Undecided(X, ballot(6, E1), new Proposal<>(ballot(4, E1), A)));
        n4.inherit(E2, at(1, 0), 1, new OfRegister(R, ballot(2, E1), null));

        assertThat(n4.written)
                .containsExactly(
                        new Write.DecreeWrite(X, ballot(6, E1), new Proposal<>(ballot(4, E1), A)),
                        new Write.RegisterWrite(R, ballot(2, E1), null),
                        new Write.FormationWrite(null, members(E1, E2, E3), List.of(), at(1, 1)));
    }

    @Test
    void rule16_whoHasNotSealedTellsNothingAndIsNotBelieved() {
        Node n1 = new Node(E1, members(E1, E2, E3));
        assertThat(n1.hear(E4, new Pull(1, new Probe(1, 1), Place.FIRST))).containsExactly(new At(at(0, 0)));
        assertThat(n1.epochs.isBehind()).as("it has heard of epoch 1").isTrue();

        Node n4 = new Node(E4, members(E1));
        n4.next(1, members(E4));
        n4.inherit(E1, at(0, 0), 1);
        assertThat(n4.epochs.mark()).isEqualTo(at(1, 0));
        n4.inherit(E1, at(1, 0), 1);
        assertThat(n4.epochs.mark()).isEqualTo(at(1, 1));
    }

    @Test
    void rule16_strangersAndPagesOfAnotherAttemptDoNotCount() {
        Endpoint otherStore = new Endpoint(E1.node(), new Incarnation(111));
        Node n4 = new Node(E4, members(E1));
        n4.next(1, members(E4, E1));
        n4.inherit(otherStore, at(1, 0), 1);
        n4.inherit(E2, at(1, 0), 1);
        n4.hear(E1, new Page(new Probe(1, 1), at(1, 0), Place.FIRST, List.of(), null));
        assertThat(n4.epochs.mark()).isEqualTo(at(1, 0));

        n4.hear(E1, new Page(n4.probe(1), at(1, 0), Place.FIRST, List.of(), null));
        assertThat(n4.epochs.mark()).isEqualTo(at(1, 1));
    }

    /** A node that lost its store and is admitted again has the name of one that has sealed, and nothing of what that held. */
    @Test
    void rule16_theNewStoreOfAMemberDoesNotSpeakForTheOneItLost() {
        Endpoint newStore = new Endpoint(E1.node(), new Incarnation(111));
        Node n4 = new Node(E4, members(E1, E2, E3));
        n4.next(1, members(newStore, E2, E4));
        n4.inherit(newStore, at(1, 0), 1);
        n4.inherit(E2, at(1, 0), 1);
        assertThat(n4.epochs.mark()).isEqualTo(at(1, 0));

        n4.inherit(E3, at(1, 0), 1);
        assertThat(n4.epochs.mark()).isEqualTo(at(1, 1));
    }

    @Test
    void rule16_oneNodeThatHoldsItItselfSuffices() {
        Node n4 = new Node(E4, members(E1, E2, E3));
        n4.next(1, members(E3, E4, E5));
        n4.inherit(E5, at(1, 1), 1, new Undecided(X, ballot(6, E1), null));
        assertThat(n4.epochs.mark()).isEqualTo(at(1, 1));

        Node late = new Node(E4, members(E1, E2, E3));
        late.next(1, members(E3, E4, E5));
        late.next(2, members(E4, E5));
        late.next(3, members(E4, E5));
        late.inherit(E5, at(3, 3), 1);
        assertThat(late.epochs.mark())
                .as("and the epochs between need not be gone through")
                .isEqualTo(at(3, 3));
    }

    @Test
    void rule16_moreThanAPageIsPulledPartByPartAndFromWhereItStopped() {
        Node n1 = new Node(E1, members(E1));
        for (int i = 0; i < 500; i++) {
            DecreeName name = new DecreeName("d" + i);
            RegisterName register = new RegisterName("r" + i);
            Payload large = Payload.wrap(new byte[900]);
            n1.hear(E1, new DecreeMessage.Step(name, new Accept(ballot(3, E1), large)));
            n1.hear(E1, new RegisterMessage.Step(register, new Accept(ballot(3, E1), large)));
            if (i % 2 == 0) {
                n1.hear(E1, new DecreeMessage.Step(name, new Decide(large)));
            }
        }
        n1.next(1, members(E4));
        Node n4 = new Node(E4, members(E1));
        List<Message> asks = n4.next(1, members(E4));
        int pages = 0;
        while (!asks.isEmpty()) {
            Message ask = asks.get(0);
            if (pages % 3 == 1) {
                n1.hear(E4, ask);
            }
            List<Message> told = n1.hear(E4, ask);
            assertThat(told).hasSize(1);
            assertThat(told.get(0).weight()).isLessThan(66_000);
            asks = n4.hear(E1, told.get(0));
            n4.hear(E1, told.get(0));
            pages++;
        }
        assertThat(pages).isGreaterThan(10);
        assertThat(n4.epochs.mark()).isEqualTo(at(1, 1));
        assertThat(n4.decrees.decidedCount()).isEqualTo(250);
        assertThat(n4.written.stream().filter(Write.RegisterWrite.class::isInstance))
                .hasSize(500);
        assertThat(n4.written.stream().filter(Write.DecreeWrite.class::isInstance))
                .hasSize(250);
    }

    /** A page that no frame can hold would be asked for again and again, and the epoch would never begin. */
    @Test
    void rule16_aPageTakesNoMoreThanAMessageIsToCarryUnlessOneValueDoes() {
        DecreeConfig small = CONFIG.withMessagesOf(2_000);
        assertThat(small.pageBytes()).isEqualTo(2_000);
        Node n1 = new Node(E1, members(E1), small);
        Payload large = Payload.wrap(new byte[700]);
        for (int i = 0; i < 50; i++) {
            DecreeName name = new DecreeName("d" + i);
            n1.hear(E1, new DecreeMessage.Step(name, new Accept(ballot(3, E1), large)));
            n1.hear(E1, new RegisterMessage.Step(new RegisterName("r" + i), new Accept(ballot(3, E1), large)));
            if (i % 2 == 0) {
                n1.hear(E1, new DecreeMessage.Step(name, new Decide(large)));
            }
        }
        DecreeName larger = new DecreeName("larger");
        n1.hear(E1, new DecreeMessage.Step(larger, new Decide(Payload.wrap(new byte[5_000]))));
        n1.next(1, members(E4));
        Node n4 = new Node(E4, members(E1), small);
        List<Message> asks = n4.next(1, members(E4));
        int decided = 0;
        while (!asks.isEmpty()) {
            List<Message> told = n1.hear(E4, asks.get(0));
            assertThat(told).hasSize(1);
            Page page = (Page) told.get(0);
            assertThat(page.held()).isNotEmpty();
            assertThat(page.held().size() == 1 || page.weight() < 2_200)
                    .as("%s", page.weight())
                    .isTrue();
            decided +=
                    (int) page.held().stream().filter(Decided.class::isInstance).count();
            asks = n4.hear(E1, page);
        }
        assertThat(decided).as("each is told once").isEqualTo(26);
        assertThat(n4.epochs.mark()).isEqualTo(at(1, 1));
        assertThat(n4.decrees.decidedCount()).isEqualTo(26);
        assertThat(n4.decrees.decided(larger)).isNotNull();
    }

    @Test
    void aPlaceThatNobodyGaveOutLeadsIntoNoEntry() {
        Node n1 = new Node(E1, members(E1));
        for (int i = 0; i < 20; i++) {
            n1.hear(E1, new DecreeMessage.Step(new DecreeName("d" + i), new Decide(Payload.wrap(new byte[90]))));
        }
        n1.next(1, members(E4));
        for (long position : new long[] {1, 50, 101, 1 << 18, 1L << 40, Long.MAX_VALUE}) {
            Place place = new Place(Section.DECIDED, "", n1.start, position);
            List<Message> told = n1.hear(E4, new Pull(1, new Probe(1, 1), place));
            assertThat(told).as("%s", position).hasSize(1);
            assertThat(((Page) told.get(0)).held()).hasSizeLessThan(20);
        }
        Place ofAnotherStart = new Place(Section.DECIDED, "", n1.start + 1, 50);
        assertThat(((Page) n1.hear(E4, new Pull(1, new Probe(1, 1), ofAnotherStart))
                                .get(0))
                        .held())
                .as("from the beginning")
                .hasSize(20);
    }

    // --- proposing ------------------------------------------------------------------------------------------------

    @Test
    void rule16_whatIsUnderWayBeginsAnewInTheNextEpochAndVotesOfTheOneBeforeDoNotCount() {
        Node n5 = new Node(E5, members(E1, E2, E3));
        RequestId request = new RequestId(1);
        DecreeMessage.Step first = (DecreeMessage.Step)
                n5.carryOut(n5.decrees.agree(request, X, A, LONG)).get(0);
        Ballot before = ((Prepare) first.body()).ballot();

        List<Message> again = n5.next(1, members(E1, E2, E3, E4));

        In prepared = (In) again.get(0);
        Ballot after = ((Prepare) ((DecreeMessage.Step) prepared.part()).body()).ballot();
        assertThat(prepared.epoch()).isEqualTo(1);
        assertThat(again).hasSize(4);
        assertThat(after).isGreaterThan(before);
        for (Endpoint member : List.of(E1, E2, E3)) {
            assertThat(n5.hear(member, step(new Promise(before, null)))).isEmpty();
            assertThat(n5.hear(member, step(new Promise(after, null))))
                    .as("of epoch 0")
                    .isEmpty();
        }
        n5.hear(E1, in(1, new Promise(after, null)));
        n5.hear(E2, in(1, new Promise(after, null)));
        assertThat(n5.hear(E4, in(1, new Promise(after, null)))).hasSize(4).allMatch(In.class::isInstance);
    }

    @Test
    void rule16_ofADecreeAskedAboutInAnEpochOnlyAnswersOfThatEpochCount() {
        Node n5 = new Node(E5, members(E1, E2, E3));
        n5.next(1, members(E1, E2, E3));
        RequestId request = new RequestId(1);
        In asked = (In) n5.carryOut(n5.decrees.learn(request, X, LONG)).get(0);
        Probe probe = ((DecreeMessage.Query) asked.part()).probe();
        for (Endpoint member : List.of(E1, E2, E3)) {
            n5.hear(member, new DecreeMessage.Answer(X, probe, null));
        }
        assertThat(n5.answers).isEmpty();
        n5.hear(E1, new In(1, new DecreeMessage.Answer(X, probe, null)));
        n5.hear(E3, new In(1, new DecreeMessage.Answer(X, probe, null)));
        assertThat(n5.answers).containsEntry(request, new Outcome.Undecided());
    }

    // --- when it is done ------------------------------------------------------------------------------------------

    @Test
    void rule16_aChangeIsDoneWhenAQuorumThatChoosesHoldsWhatWasLeft() {
        Node n1 = new Node(E1, members(E1, E2, E3));
        Configuration next = new Configuration(1, members(E3, E4, E5), new TreeSet<>());
        n1.next(1, next.voters());
        RequestId request = new RequestId(1);
        Outcome.Reconfigured done = new Outcome.Reconfigured(next, 17);
        assertThat(n1.carryOut(n1.epochs.settle(request, done, 100))).hasSize(3);
        n1.hear(E4, new At(at(1, 1)));
        n1.hear(E1, new At(at(1, 1)));
        n1.hear(E5, new At(at(1, 0)));
        assertThat(n1.answers).isEmpty();
        n1.hear(E5, new At(at(1, 1)));
        assertThat(n1.answers).containsEntry(request, done);
    }

    @Test
    void aChangeWhoseMembersDoNotTakeOverInTimeIsUnknown() {
        Node n1 = new Node(E1, members(E1));
        Configuration next = new Configuration(1, members(E4), new TreeSet<>());
        n1.next(1, next.voters());
        RequestId request = new RequestId(1);
        n1.carryOut(n1.epochs.settle(request, new Outcome.Reconfigured(next, 17), 30));
        for (int i = 0; i < 29; i++) {
            n1.carryOut(n1.epochs.tick());
        }
        assertThat(n1.answers).isEmpty();
        n1.carryOut(n1.epochs.tick());
        assertThat(n1.answers.get(request)).isInstanceOf(Outcome.Unknown.class);
        assertThat(String.valueOf(n1.answers.get(request))).contains("do not stop those who leave");
    }

    @Test
    void whoIsToldNoLongerCountedVotesInNoEpoch() {
        Node n1 = new Node(E1, members(E1));
        n1.next(1, members(E1));
        assertThat(n1.votesIn(1)).isTrue();
        n1.carryOut(n1.epochs.observe());
        assertThat(n1.votesIn(1)).isFalse();
        n1.next(2, members(E1));
        assertThat(n1.votesIn(2)).isFalse();
        assertThat(n1.epochs.isCounted()).isFalse();
    }

    /** Another start of its store has voted since; and who asks might not know which of them is counted. */
    @Test
    void rule16_whoIsToldNoLongerCountedTellsNothingOfWhatItHolds() {
        Node n1 = new Node(E1, members(E1, E2, E3));
        n1.next(1, members(E1, E4));
        n1.inherit(E2, at(1, 0), 1);
        Pull pull = new Pull(1, new Probe(1, 1), Place.FIRST);
        assertThat(n1.hear(E4, pull)).hasOnlyElementsOfType(Page.class);
        assertThat(n1.hear(E4, new EpochMessage.Ask())).containsExactly(new At(at(1, 1)));

        n1.carryOut(n1.epochs.observe());

        assertThat(n1.hear(E4, pull)).isEmpty();
        assertThat(n1.hear(E4, new Pull(2, new Probe(1, 2), Place.FIRST))).isEmpty();
        assertThat(n1.hear(E4, new EpochMessage.Ask())).isEmpty();
    }

    @Test
    void anEpochThatWasLeftOutIsAnError() {
        Node n1 = new Node(E1, members(E1));
        assertThatThrownBy(() -> n1.next(2, members(E1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("after epoch 0 comes 2");
    }

    @Test
    void aStoppedNodeAnswersWhoWaits() {
        Node n1 = new Node(E1, members(E1));
        Configuration next = new Configuration(1, members(E4), new TreeSet<>());
        n1.next(1, next.voters());
        RequestId request = new RequestId(1);
        n1.carryOut(n1.epochs.settle(request, new Outcome.Reconfigured(next, 17), 30));
        n1.carryOut(n1.epochs.stop("because"));
        assertThat(n1.answers.get(request)).isInstanceOf(Outcome.Unknown.class);
        assertThat(n1.hear(E4, new Pull(1, new Probe(1, 1), Place.FIRST))).isEmpty();
    }

    @Test
    void aChangeThatIsDecidedInAStoppedNodeIsAnsweredAtOnce() {
        Node n1 = new Node(E1, members(E1));
        n1.carryOut(n1.epochs.stop("because"));
        RequestId request = new RequestId(1);
        Configuration next = new Configuration(1, members(E4), new TreeSet<>());
        n1.carryOut(n1.epochs.settle(request, new Outcome.Reconfigured(next, 17), 30));
        assertThat(n1.answers.get(request)).isInstanceOf(Outcome.Unknown.class);
        assertThat(String.valueOf(n1.answers.get(request))).contains("because");
    }

    @Test
    void aChangeHasOneDeadlineFromTheCallOn() {
        Node n1 = new Node(E1, members(E1));
        long deadline = n1.epochs.deadlineIn(30);
        for (int i = 0; i < 20; i++) {
            n1.carryOut(n1.epochs.tick());
        }
        Configuration next = new Configuration(1, members(E4), new TreeSet<>());
        n1.next(1, next.voters());
        RequestId request = new RequestId(1);
        n1.carryOut(n1.epochs.settle(request, new Outcome.Reconfigured(next, 17), deadline));
        for (int i = 0; i < 9; i++) {
            n1.carryOut(n1.epochs.tick());
        }
        assertThat(n1.answers).isEmpty();
        n1.carryOut(n1.epochs.tick());
        assertThat(n1.answers.get(request)).isInstanceOf(Outcome.Unknown.class);
    }
}
