// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Cluster.counter;
import static io.paxos.node.Cluster.result;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Outcome;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.spi.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeadershipTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    /** Whoever leads must go on doing so until it is asked to go, however slow the machine is that runs this. */
    private static final Duration PATIENT = Duration.ofSeconds(2);

    /** Keeps what it hears, in order: a token, or the word that it is over. */
    private static final class Ear implements LeadershipListener {

        final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

        @Override
        public void leads(Ballot token) {
            heard.add(token);
        }

        @Override
        public void ends(Ballot token) {
            heard.add("over " + token);
        }

        Object next() throws InterruptedException {
            return heard.poll(Cluster.WAIT_SECONDS, SECONDS);
        }
    }

    private static Cluster started(int size) {
        Cluster cluster = Cluster.of(size);
        cluster.members().forEach(id -> cluster.start(id, builder -> builder.electionTimeout(PATIENT)));
        return cluster;
    }

    private static List<ReplicatedLog<Long, Long, Counter>> logs(Cluster cluster) {
        List<ReplicatedLog<Long, Long, Counter>> logs = new ArrayList<>();
        cluster.nodes().forEach(node -> logs.add(counter(node, "sum")));
        return logs;
    }

    private static int leader(List<ReplicatedLog<Long, Long, Counter>> logs) throws Exception {
        result(logs.get(0).submit(0L));
        NodeId leader = logs.get(0).leader().orElseThrow();
        return Integer.parseInt(leader.name().substring(1)) - 1;
    }

    @Test
    void theNodeNamedLeadsAndItsTokenIsHigher() throws Exception {
        try (Cluster cluster = started(3)) {
            List<ReplicatedLog<Long, Long, Counter>> logs = logs(cluster);
            int old = leader(logs);
            int target = (old + 1) % 3;
            Ear before = new Ear();
            Ear after = new Ear();
            logs.get(old).leadership().observe(before);
            logs.get(target).leadership().observe(after);
            List<CompletableFuture<Long>> commands = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                commands.add(logs.get(i % 3).submit(1L));
            }
            NodeId leads = result(logs.get(old)
                    .leadership()
                    .transferTo(cluster.nodes().get(target).id(), LONG));
            assertThat(leads).isEqualTo(cluster.nodes().get(target).id());
            for (CompletableFuture<Long> command : commands) {
                result(command);
            }
            long sum = result(logs.get(old).read(Counter::sum));
            assertThat(sum).isEqualTo(500);
            Ballot first = (Ballot) before.next();
            Ballot second = (Ballot) after.next();
            assertThat(second).isGreaterThan(first);
            assertThat(before.next()).isEqualTo("over " + first);
            assertThat(logs.get(target).leadership().token()).contains(second);
            assertThat(logs.get(old).leadership().token()).isEmpty();
        }
    }

    @Test
    void whatCannotBeIsRefusedAndSaysWhy() throws Exception {
        try (Cluster cluster = started(3)) {
            List<ReplicatedLog<Long, Long, Counter>> logs = logs(cluster);
            int old = leader(logs);
            Leadership leadership = logs.get(old).leadership();
            assertThat(result(leadership.transferTo(cluster.nodes().get(old).id(), LONG)))
                    .as("it leads already")
                    .isEqualTo(cluster.nodes().get(old).id());
            assertThatThrownBy(() -> result(leadership.transferTo(Cluster.id("n9"), LONG)))
                    .cause()
                    .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.reason())
                            .isEqualTo(Outcome.Reason.UNKNOWN_NODE))
                    .hasMessageContaining("n9")
                    .hasMessageContaining("[n1, n2, n3]");
            int other = (old + 1) % 3;
            // Who has had a command executed knows who leads.
            result(logs.get(other).submit(0L));
            assertThatThrownBy(() -> result(logs.get(other)
                            .leadership()
                            .transferTo(cluster.nodes().get(other).id(), LONG)))
                    .cause()
                    .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.reason())
                            .isEqualTo(Outcome.Reason.NOT_LEADER))
                    .hasMessageContaining("ask n" + (old + 1));
            assertThatThrownBy(() -> leadership.transfer(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aListenerThatComesLateHearsWhatHoldsAndOneThatGoesHearsNothing() throws Exception {
        try (Cluster cluster = started(1)) {
            ReplicatedLog<Long, Long, Counter> log = logs(cluster).get(0);
            result(log.submit(1L));
            Ear first = new Ear();
            log.leadership().observe(first);
            Ballot token = (Ballot) first.next();
            Ear second = new Ear();
            log.leadership().observe(second);
            assertThat(second.next()).isEqualTo(token);
            Ear gone = new Ear();
            Leadership.Observation observation = log.leadership().observe(gone);
            assertThat(gone.next()).isEqualTo(token);
            observation.close();
            cluster.nodes().get(0).close();
            assertThat(first.next()).isEqualTo("over " + token);
            assertThat(second.next()).isEqualTo("over " + token);
            assertThat(gone.heard).isEmpty();
        }
    }

    @Test
    void aLeaderThatIsClosedHandsOverFirst() throws Exception {
        List<String> said = new CopyOnWriteArrayList<>();
        try (Cluster cluster = Cluster.of(3)) {
            List<ReplicatedLog<Long, Long, Counter>> logs = new ArrayList<>();
            for (String id : cluster.members()) {
                Transport wrapped = new ForwardingTransport(cluster.network().transport()) {
                    @Override
                    public void send(Envelope envelope) {
                        if (envelope.message() instanceof GroupMessage group) {
                            if (group.body() instanceof LogMessage.TakeOver) {
                                said.add(id + " hands over");
                            } else if (group.body() instanceof LogMessage.Canvass) {
                                said.add(id + " asks whether it would win");
                            }
                        }
                        super.send(envelope);
                    }
                };
                logs.add(counter(
                        cluster.start(id, builder -> builder.transport(wrapped).electionTimeout(PATIENT)), "sum"));
            }
            int old = leader(logs);
            Ear ear = new Ear();
            for (int i = 0; i < 3; i++) {
                if (i != old) {
                    logs.get(i).leadership().observe(ear);
                }
            }
            // The first of what it says to its successor comes with the next heartbeat that is answered.
            said.clear();
            cluster.nodes().get(old).close();
            assertThat(ear.next()).isInstanceOf(Ballot.class);
            assertThat(said).containsExactly("n" + (old + 1) + " hands over");
            assertThat(result(logs.get((old + 1) % 3).submit(1L))).isEqualTo(1);
        }
    }
}
