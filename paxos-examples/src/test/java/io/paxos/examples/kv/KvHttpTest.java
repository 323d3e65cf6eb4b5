// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.Poll;
import io.paxos.node.InProcessNetwork;
import io.paxos.node.UnknownOutcomeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KvHttpTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final InProcessNetwork network = new InProcessNetwork();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<KvNode> nodes = new ArrayList<>();
    private final List<HttpFront> fronts = new ArrayList<>();

    @AfterEach
    void close() {
        fronts.forEach(HttpFront::close);
        nodes.forEach(KvNode::close);
    }

    @Test
    void writesReadsAndDeletes() throws Exception {
        startAll(PATIENCE, "n1");

        assertThat(call("n1", "GET", "/kv/a", "").statusCode()).isEqualTo(404);
        HttpResponse<String> first = call("n1", "PUT", "/kv/a", "one");
        HttpResponse<String> second = call("n1", "PUT", "/kv/a", "two");
        HttpResponse<String> read = call("n1", "GET", "/kv/a", "");
        HttpResponse<String> local = call("n1", "GET", "/kv/a?read=local", "");

        assertThat(first.statusCode()).isEqualTo(204);
        assertThat(etag(first)).contains("\"1\"");
        assertThat(etag(second)).contains("\"2\"");
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.body()).isEqualTo("two");
        assertThat(etag(read)).contains("\"2\"");
        assertThat(local.body()).isEqualTo("two");
        assertThat(call("n1", "DELETE", "/kv/a", "").statusCode()).isEqualTo(204);
        assertThat(call("n1", "DELETE", "/kv/a", "").statusCode()).isEqualTo(404);
        assertThat(call("n1", "GET", "/kv/a", "").statusCode()).isEqualTo(404);
    }

    @Test
    void conditionsThatDoNotHoldAnswer409AndTheCurrentValue() throws Exception {
        startAll(PATIENCE, "n1");

        assertThat(call("n1", "PUT", "/kv/a?expect=x", "one").statusCode()).isEqualTo(409);
        assertThat(call("n1", "PUT", "/kv/a?absent", "one").statusCode()).isEqualTo(204);
        HttpResponse<String> present = call("n1", "PUT", "/kv/a?absent", "two");
        HttpResponse<String> other = call("n1", "PUT", "/kv/a?expect=two", "three");
        HttpResponse<String> deletion = call("n1", "DELETE", "/kv/a?expect=two", "");

        assertThat(List.of(present.statusCode(), other.statusCode(), deletion.statusCode()))
                .containsOnly(409);
        assertThat(List.of(present.body(), other.body(), deletion.body())).containsOnly("one");
        assertThat(call("n1", "PUT", "/kv/a?expect=one", "f%26r").statusCode()).isEqualTo(204);
        assertThat(call("n1", "PUT", "/kv/a?expect=f%2526r", "five").statusCode())
                .isEqualTo(204);
    }

    @Test
    void keysAndNamesMayHoldAnyText() throws Exception {
        startAll(PATIENCE, "n1");

        assertThat(call("n1", "PUT", "/kv/f%C3%BCr/a%20b", "one").statusCode()).isEqualTo(204);
        assertThat(call("n1", "GET", "/kv/f%c3%bcr/a%20b", "").body()).isEqualTo("one");
        assertThat(call("n1", "POST", "/agree/f%C3%BCr/a%20b", "n1").body()).isEqualTo("n1");
    }

    @Test
    void agreeAnswersTheChosenValueOnEveryNode() throws Exception {
        startAll(PATIENCE, "n1", "n2", "n3");

        String chosen = call("n1", "POST", "/agree/owner", "n1").body();

        assertThat(chosen).isEqualTo("n1");
        assertThat(call("n2", "POST", "/agree/owner", "n2").body()).isEqualTo(chosen);
        assertThat(call("n3", "POST", "/agree/owner", "n3").body()).isEqualTo(chosen);
    }

    @Test
    void aWriteOnOneNodeIsReadOnEveryOther() throws Exception {
        startAll(PATIENCE, "n1", "n2", "n3");

        for (String writer : List.of("n1", "n2", "n3")) {
            assertThat(call(writer, "PUT", "/kv/a", writer).statusCode()).isEqualTo(204);
            for (String reader : List.of("n1", "n2", "n3")) {
                assertThat(call(reader, "GET", "/kv/a", "").body()).isEqualTo(writer);
            }
        }
    }

    @Test
    void everyKindOfReadIsThereAndTellsTheSlotItReflects() throws Exception {
        startAll(PATIENCE, "n1", "n2", "n3");
        String slot = call("n1", "PUT", "/kv/a", "one")
                .headers()
                .firstValue("Paxos-Slot")
                .orElseThrow();

        for (String how : List.of("lease", "bounded=1000", "slot=" + slot)) {
            for (String reader : List.of("n1", "n2", "n3")) {
                HttpResponse<String> read = call(reader, "GET", "/kv/a?read=" + how, "");
                assertThat(read.body()).as(how).isEqualTo("one");
                assertThat(Long.parseLong(
                                read.headers().firstValue("Paxos-Slot").orElseThrow()))
                        .isGreaterThanOrEqualTo(Long.parseLong(slot));
            }
        }
    }

    @Test
    void anotherReplicaCanBeMadeToLead() throws Exception {
        startAll(PATIENCE, "n1", "n2", "n3");
        call("n1", "PUT", "/kv/a", "one");
        // On a machine that stands still a leader may lose its office meanwhile; only then the next one is asked.
        Transfer transfer;
        try (Poll poll = new Poll()) {
            transfer = poll.until("a leader to hand over", PATIENCE, () -> Optional.of(handOver())
                    .filter(done -> done.toOther().statusCode() == 200 || done.sameOffice()));
        }
        String other = transfer.other();

        assertThat(transfer.toOther().statusCode()).isEqualTo(200);
        assertThat(transfer.toStranger().statusCode()).isEqualTo(503);
        assertThat(transfer.askedElsewhere().body()).contains("ask " + transfer.leader());
        assertThat(Status.parse(transfer.toOther().body()).text("leader")).isEqualTo(other);
        assertThat(call(ledStatus(other).text("leader"), "POST", "/admin/transfer", "")
                        .statusCode())
                .isEqualTo(200);
        assertThat(call("n3", "GET", "/kv/a", "").body()).isEqualTo("one");
    }

    /**
     * What a leader answered who was to let another lead, and the other who was asked before it led.
     *
     * @param sameOffice whether that leader was still heard to lead at the same ballot when all had answered
     */
    private record Transfer(
            String leader,
            String other,
            HttpResponse<String> toStranger,
            HttpResponse<String> askedElsewhere,
            HttpResponse<String> toOther,
            boolean sameOffice) {}

    private Transfer handOver() {
        try {
            Status before = ledStatus("n1");
            String leader = before.text("leader");
            String other = leader.equals("n1") ? "n2" : "n1";
            HttpResponse<String> toStranger = call(leader, "POST", "/admin/transfer?to=n9", "");
            HttpResponse<String> askedElsewhere = call(other, "POST", "/admin/transfer?to=" + other, "");
            HttpResponse<String> toOther = call(leader, "POST", "/admin/transfer?to=" + other, "");
            Status after = status("n1");
            boolean sameOffice =
                    after.text("leader").equals(leader) && after.text("ballot").equals(before.text("ballot"));
            return new Transfer(leader, other, toStranger, askedElsewhere, toOther, sameOffice);
        } catch (Exception e) {
            throw new IllegalStateException("the replicas cannot be asked", e);
        }
    }

    @Test
    void membersAreAddedObservedReplacedAndRemoved() throws Exception {
        startAll(PATIENCE, "n1", "n2", "n3");
        call("n1", "PUT", "/kv/a", "one");
        start("n4", PATIENCE, members("n1", "n2", "n3"));

        assertThat(status("n4").text("standing")).isEqualTo("OUTSIDE");
        assertThat(changed("add=n4=localhost:4")).containsExactly("n1", "n2", "n3", "n4");
        assertThat(changed("add=n4")).containsExactly("n1", "n2", "n3", "n4");
        HttpResponse<String> observing = call("n1", "POST", "/admin/members?observe=n2", "");
        assertThat(Status.parse(observing.body()).names("members")).containsExactly("n1", "n3", "n4");
        assertThat(Status.parse(observing.body()).names("observers")).containsExactly("n2");
        assertThat(changed("replace=n3&by=n2")).containsExactly("n1", "n2", "n4");
        assertThat(changed("remove=n2")).containsExactly("n1", "n4");

        assertThat(call("n4", "GET", "/kv/a", "").body()).isEqualTo("one");
        assertThat(status("n1").names("members")).containsExactly("n1", "n4");
        assertThat(status("n4").names("members")).containsExactly("n1", "n4");
        assertThat(status("n4").text("standing")).isEqualTo("VOTER");
        assertThat(status("n1").names("peers")).containsExactly("n2", "n3", "n4");
    }

    @Test
    void whoIsToVoteMayComeAfterTheRequest() throws Exception {
        startAll(PATIENCE, "n1");
        call("n1", "PUT", "/kv/a", "one");

        CompletableFuture<HttpResponse<String>> adding = client.sendAsync(
                request("n1", "POST", "/admin/members?add=n2=localhost:2", ""), BodyHandlers.ofString());
        try (Poll poll = new Poll()) {
            poll.until("n1 to know the address", PATIENCE, () -> Optional.of(
                            nodes.get(0).addresses().all())
                    .filter(all -> all.containsKey("n2")));
        }
        assertThat(adding).isNotDone();
        start("n2", PATIENCE, members("n1"));

        HttpResponse<String> added = adding.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(added.statusCode()).as(added.body()).isEqualTo(200);
        assertThat(Status.parse(added.body()).names("members")).containsExactly("n1", "n2");
        assertThat(call("n2", "GET", "/kv/a", "").body()).isEqualTo("one");
    }

    @ParameterizedTest
    @CsvSource({
        "remove=n9, UNKNOWN_NODE",
        "replace=n9&by=n1=localhost:1, UNKNOWN_NODE",
        "remove=n1, NO_QUORUM",
        "add=n2=localhost:1, UNKNOWN_NODE"
    })
    void changesThatTheLibraryRefusesChangeNothing(String change, String reason) throws Exception {
        start("n1", Duration.ofMillis(500), members("n1"));
        call("n1", "PUT", "/kv/a", "one");

        HttpResponse<String> answer = call("n1", "POST", "/admin/members?" + change, "");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(Status.parse(answer.body()).text("outcome")).isEqualTo("refused");
        assertThat(Status.parse(answer.body()).text("detail")).contains(reason);
        assertThat(status("n1").names("members")).containsExactly("n1");
        assertThat(status("n1").number("version")).isZero();
    }

    private List<String> changed(String change) throws Exception {
        HttpResponse<String> answer = call("n1", "POST", "/admin/members?" + change, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Status.parse(answer.body()).names("members");
    }

    private Status status(String id) throws Exception {
        return Status.parse(call(id, "GET", "/status", "").body());
    }

    /** How a replica stands that hears a leader: on a machine that stands still for a while nobody may be heard at a time. */
    private Status ledStatus(String id) throws Exception {
        try (Poll poll = new Poll()) {
            return poll.until(id + " to hear a leader", PATIENCE, () -> Optional.of(statusNow(id))
                    .filter(status -> !status.text("leader").isEmpty()));
        }
    }

    private Status statusNow(String id) {
        try {
            return status(id);
        } catch (Exception e) {
            throw new IllegalStateException("the status of " + id + " cannot be read", e);
        }
    }

    @Test
    void statusSaysHowTheReplicaStands() throws Exception {
        startAll(PATIENCE, "n1", "n2", "n3");
        call("n1", "PUT", "/kv/a", "one");

        Status status = ledStatus("n1");

        assertThat(status.text("id")).isEqualTo("n1");
        assertThat(status.text("role")).isIn("LEADER", "FOLLOWER");
        assertThat(status.text("leader")).isIn("n1", "n2", "n3");
        assertThat(status.text("ballot")).isNotEmpty();
        assertThat(status.number("decided")).isGreaterThanOrEqualTo(status.number("applied"));
        assertThat(status.number("applied")).isNotNegative();
        assertThat(status.names("members")).containsExactly("n1", "n2", "n3");
        assertThat(status.names("peers")).containsExactly("n2", "n3");
        assertThat(status.has("stranger")).isFalse();
    }

    @Test
    void whatCannotHaveHappenedIsRefused() throws Exception {
        start("n1", Duration.ofMillis(300), members("n1", "n2", "n3"));

        HttpResponse<String> write = call("n1", "PUT", "/kv/a", "one");
        HttpResponse<String> read = call("n1", "GET", "/kv/a", "");

        assertThat(List.of(write.statusCode(), read.statusCode())).containsOnly(503);
        assertThat(Status.parse(write.body()).text("outcome")).isEqualTo("refused");
        assertThat(Status.parse(write.body()).text("detail")).contains("TIMEOUT");
        assertThat(call("n1", "GET", "/kv/a?read=local", "").statusCode()).isEqualTo(404);
    }

    @Test
    void whatMayHaveHappenedIsUnknown() {
        Reply reply = Reply.failure(new UnknownOutcomeException("the deadline passed"));

        assertThat(reply.status()).isEqualTo(504);
        assertThat(Status.parse(reply.body().toUtf8()).text("outcome")).isEqualTo("unknown");
        assertThat(Status.parse(reply.body().toUtf8()).text("detail")).isEqualTo("the deadline passed");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, 404, nothing is at /",
        "GET, /kv, 404, nothing is at /kv",
        "GET, /kv/, 400, a key takes 1 to 1024 bytes",
        "PUT, /kv/a?color=red, 400, color",
        "PUT, /kv/a?expect=1&absent, 400, exclude each other",
        "POST, /kv/a, 405, POST is not known here",
        "GET, /agree/a, 405, GET is not known here",
        "POST, /agree/, 400, must not be empty",
        "POST, /status, 405, POST is not known here",
        "GET, /kv/a?read=fast, 400, read=fast is not known",
        "GET, /kv/a?read=slot, 400, read=slot is not known",
        "GET, /kv/a?read=bounded=-1, 400, no younger than now",
        "GET, /admin/transfer, 405, GET is not known here",
        "GET, /admin/members?add=n4=h:1, 405, GET is not known here",
        "POST, /admin/members, 400, the request has none",
        "POST, /admin/members?add=n4=h:1&remove=n1, 400, add and remove",
        "POST, /admin/members?add=n4, 400, write n4=HOST:PORT",
        "POST, /admin/members?add=n4=h, 400, '\"h\" is no address'",
        "POST, /admin/members?add=n4=h:0, 400, the port 0 of h:0",
        "POST, /admin/members?add=, 400, node id",
        "POST, /admin/members?add=n/4=h:1, 400, n/4",
        "POST, '/admin/members?add=n4=h:1,n4=h:2', 400, n4 is named twice",
        "POST, /admin/members?add=n4=h:1&add=n5=h:2, 400, add is given twice",
        "POST, /admin/members?remove=n1=h:1, 400, as in remove=n1",
        "POST, /admin/members?replace=n1, 400, replace needs by",
        "POST, /admin/members?remove=n1&by=n4=h:1, 400, remove goes without by",
        "POST, '/admin/members?replace=n1&by=n4=h:1,n5=h:1', 400, one after the other",
        "POST, /admin/members?member=n1, 400, '\"member\" is not known at /admin/members'",
        "GET, /kv/a?to=n1, 400, '\"to\" is not known at /kv/a'",
        "PUT, /kv/a?read=local, 400, '\"read\" is not known at /kv/a'",
        "POST, /agree/a?absent, 400, there is none",
        "GET, /status?x, 400, there is none",
        "GET, /kv/%00address/n1, 400, begins with the character 0",
    })
    void badRequestsGetAClearAnswer(String method, String path, int status, String named) throws Exception {
        startAll(PATIENCE, "n1");

        HttpResponse<String> answer = call("n1", method, path, "value");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(Status.parse(answer.body()).text("error")).contains(named);
    }

    @Test
    void probesTellANodeThatWaitsForOthersFromOneThatServes() throws Exception {
        Members all = members("n1", "n2", "n3");
        start("n1", PATIENCE, all);
        assertThat(call("n1", "GET", "/health/live", "").statusCode()).isEqualTo(200);
        HttpResponse<String> alone = call("n1", "GET", "/health/ready", "");
        assertThat(alone.statusCode()).isEqualTo(503);
        assertThat(alone.body()).contains("the cluster has not formed");
        start("n2", PATIENCE, all);
        start("n3", PATIENCE, all);
        for (String id : List.of("n1", "n2", "n3")) {
            assertThat(call(id, "PUT", "/kv/a", id).statusCode()).isEqualTo(204);
            HttpResponse<String> ready = call(id, "GET", "/health/ready", "");
            assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
        }
        assertThat(call("n1", "GET", "/health/well", "").statusCode()).isEqualTo(404);
    }

    @Test
    void prometheusReadsTheFigures() throws Exception {
        startAll(PATIENCE, "n1");
        call("n1", "PUT", "/kv/a", "one");
        HttpResponse<String> metrics = call("n1", "GET", "/metrics", "");
        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
        assertThat(metrics.body())
                .contains("paxos_commands_seconds_count{group=\"kv\",node=\"n1\",outcome=\"applied\"} 1")
                .contains("paxos_log_leading{group=\"kv\",node=\"n1\"} 1.0");
    }

    @Test
    void aValueMayBeAsLargeAsSaidAndNoLarger() throws Exception {
        startAll(PATIENCE, "n1");
        String largest = "x".repeat(KvNode.MAX_VALUE_BYTES);

        assertThat(call("n1", "PUT", "/kv/a", largest).statusCode()).isEqualTo(204);
        assertThat(call("n1", "GET", "/kv/a", "").body()).hasSameSizeAs(largest);
        assertThat(call("n1", "PUT", "/kv/a", largest + "x").statusCode()).isEqualTo(413);
        assertThat(call("n1", "POST", "/agree/a", largest + "x").statusCode()).isEqualTo(413);
    }

    private void startAll(Duration deadline, String... ids) {
        for (String id : ids) {
            start(id, deadline, members(ids));
        }
    }

    private void start(String id, Duration deadline, Members members) {
        KvNode node = new KvNode(
                "kv", id, new Addresses(members), network.transport(), Durability.inMemory(), deadline, 0.01);
        nodes.add(node);
        fronts.add(HttpFront.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new KvRequests(node)));
    }

    private static Members members(String... ids) {
        return Members.parse(String.join(
                ",", List.of(ids).stream().map(id -> id + "=localhost:1").toList()));
    }

    private HttpResponse<String> call(String id, String method, String path, String body)
            throws IOException, InterruptedException {
        return client.send(request(id, method, path, body), BodyHandlers.ofString());
    }

    private HttpRequest request(String id, String method, String path, String body) {
        int place = nodes.stream().map(KvNode::id).toList().indexOf(id);
        String authority = HostPort.of(fronts.get(place).address()).toString();
        return HttpRequest.newBuilder(URI.create("http://" + authority + path))
                .timeout(PATIENCE)
                .method(method, BodyPublishers.ofString(body))
                .build();
    }

    private static Optional<String> etag(HttpResponse<String> response) {
        return response.headers().firstValue("ETag");
    }
}
