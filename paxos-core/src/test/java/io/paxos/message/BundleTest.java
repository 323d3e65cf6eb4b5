// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.CommandId;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.RegisterName;
import io.paxos.model.StartId;
import io.paxos.model.Value;
import io.paxos.single.SingleMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said to one node about several logs, decrees and registers goes together, as far as it is small; nothing else does. */
class BundleTest {

    private static final Endpoint ME = endpoint("me", 1);
    private static final Endpoint A = endpoint("a", 2);
    private static final Endpoint B = endpoint("b", 3);
    private static final Ballot BALLOT = new Ballot(1, ME.node(), 7);
    private static final LogMessage VOTE = new LogMessage.Heartbeat(BALLOT, 5);

    private static Endpoint endpoint(String name, long incarnation) {
        return new Endpoint(NodeId.of(name), new Incarnation(incarnation));
    }

    private static Envelope say(Endpoint to, String group, LogMessage body) {
        return new Envelope(
                new ClusterName("c"),
                ME,
                to,
                StartId.of(1, 1),
                new Fingerprint(9),
                new GroupMessage(GroupId.of(group), body));
    }

    private static LogMessage accept(int bytes) {
        return new LogMessage.Accept(
                BALLOT,
                1,
                List.of(new Value.Command(new CommandId(1, 1), 1, LogTime.ZERO, Payload.wrap(new byte[bytes]))),
                0);
    }

    private static Bundle bundle(Envelope... parts) {
        List<Bundle.Part> messages = new ArrayList<>();
        for (Envelope part : parts) {
            messages.add((Bundle.Part) part.message());
        }
        return new Bundle(messages);
    }

    @Test
    void whatSeveralLogsSayToOneNodeGoesTogetherInItsOrder() {
        Envelope a1 = say(A, "g", VOTE);
        Envelope b1 = say(B, "g", VOTE);
        Envelope a2 = say(A, "h", VOTE);
        Envelope a3 = say(A, "g", new LogMessage.Decide(BALLOT, 6));
        assertThat(Bundle.pack(List.of(a1, b1, a2, a3))).containsExactly(a1.with(bundle(a1, a2, a3)), b1);
    }

    @Test
    void whatOneLogSaysStaysAsItIs() {
        List<Envelope> all = List.of(say(A, "g", VOTE), say(B, "g", VOTE), say(A, "g", accept(10)));
        assertThat(Bundle.pack(all)).isSameAs(all);
        assertThat(Bundle.pack(List.of())).isEmpty();
    }

    @Test
    void whatIsSaidAboutDecreesRegistersAndLogsGoesTogetherInItsOrder() {
        Envelope log = say(A, "g", VOTE);
        Envelope decree = log.with(step("d"));
        Envelope sameDecree = log.with(new DecreeMessage.Answer(new DecreeName("d"), new Probe(1, 1), null));
        Envelope register = log.with(new RegisterMessage.Answer(new RegisterName("d"), new Probe(1, 1), null));
        assertThat(Bundle.pack(List.of(decree, log, sameDecree, register)))
                .containsExactly(decree.with(bundle(decree, log, sameDecree, register)));
        assertThat(Bundle.pack(List.of(decree, log.with(step("e")))))
                .containsExactly(decree.with(bundle(decree, log.with(step("e")))));
        List<Envelope> ofOne = List.of(decree, sameDecree);
        assertThat(Bundle.pack(ofOne)).isSameAs(ofOne);
    }

    private static DecreeMessage step(String name) {
        return new DecreeMessage.Step(new DecreeName(name), new SingleMessage.Accepted(BALLOT));
    }

    @Test
    void rule18VotesDoNotTravelWithBulk() {
        Envelope vote = say(A, "g", VOTE);
        Envelope bulk = say(A, "h", accept(10));
        assertThat(Bundle.pack(List.of(vote, bulk))).containsExactly(vote, bulk);
        Envelope other = say(A, "g", accept(10));
        List<Envelope> packed = Bundle.pack(List.of(bulk, vote, other));
        assertThat(packed).containsExactly(bulk.with(bundle(bulk, other)), vote);
        assertThat(packed.get(0).message().isBulk()).isTrue();
    }

    @Test
    void whatAnObserverMaySayIsNotPutBehindWhatItMayNot() {
        Envelope open = say(A, "g", new LogMessage.CatchUpRequest(1, 10));
        Envelope other = say(A, "h", new LogMessage.CatchUpRequest(1, 10));
        Envelope closed = say(A, "i", VOTE);
        List<Envelope> packed = Bundle.pack(List.of(open, closed, other));
        assertThat(packed).containsExactly(open.with(bundle(open, other)), closed);
        assertThat(packed.get(0).message().isOpen()).isTrue();
        assertThat(bundle(open, closed).isOpen()).isFalse();
    }

    @Test
    void whatIsLargeTravelsAloneAndNoBundleGrowsWithoutBound() {
        Envelope large = say(A, "g", accept(10_000));
        Envelope small = say(A, "h", accept(10));
        Envelope other = say(A, "i", accept(10));
        assertThat(Bundle.pack(List.of(large, small, other))).containsExactly(large, small.with(bundle(small, other)));
        List<Envelope> many = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            many.add(say(A, "g" + i, VOTE));
        }
        List<Envelope> packed = Bundle.pack(many);
        assertThat(packed).hasSizeBetween(3, 20);
        assertThat(packed)
                .allSatisfy(envelope -> assertThat(envelope.message().weight()).isLessThan(70_000));
        assertThat(packed.stream().flatMap(envelope -> ((Bundle) envelope.message()).parts().stream()))
                .containsExactlyElementsOf(many.stream()
                        .map(envelope -> (Bundle.Part) envelope.message())
                        .toList());
    }

    @Test
    void aBundleOfOneIsRefused() {
        assertThatThrownBy(() -> bundle(say(A, "g", VOTE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least two parts, but this has 1");
    }
}
