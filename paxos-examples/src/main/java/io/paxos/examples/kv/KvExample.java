// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.examples.Logging;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** One replica of a replicated key-value store as a process of its own. */
@Command(
        name = "kv",
        header = "One replica of a replicated key-value store, with HTTP.",
        description = "One replica of a replicated key-value store, as a process of its own, with an HTTP front.",
        footer = {
            "",
            "  PUT /kv/KEY       body = value; with ?expect=OLD or ?absent it is",
            "                    conditional: 409 with the current value",
            "  GET /kv/KEY       linearizable; 404 if there is no value. With",
            "                    ?read=lease      the same, by the leader's lease",
            "                    ?read=slot=N     at least what slot N has seen",
            "                    ?read=bounded=MS at most so old",
            "                    ?read=local      as this replica has it",
            "  DELETE /kv/KEY    404 if there is no value; ?expect=OLD as above",
            "  POST /agree/NAME  body = value; answers the value chosen for that name",
            "  POST /admin/transfer?to=ID  lets another replica lead, or without ?to the",
            "                    best of the others; ask the leader",
            "  POST /admin/members?add=ID=HOST:PORT     lets another replica vote,",
            "                     ?remove=ID            or not any more,",
            "                     ?observe=ID           or learn without voting,",
            "                     ?replace=ID&by=ID=HOST:PORT  or one in the place of another;",
            "                    answers who votes then. Ask one that votes",
            "  GET /status       id, role, leader, ballot, decided, applied, compacted,",
            "                    standing, members, peers",
            "  GET /health/live, /health/ready  200 or 503, and why",
            "  GET /metrics      all figures, for Prometheus",
            "",
            "The ETag of an answer counts the writes of that key, and Paxos-Slot is what it",
            "reflects: with ?read=slot=N any replica shows at least as much.",
            "503 {\"outcome\":\"refused\"} is certainly not applied,",
            "504 {\"outcome\":\"unknown\"} may have been.",
            "",
            "With --data, what was answered survives kill -9, of all processes at once too;",
            "a process that is started again goes on where it was. Without it the state is",
            "in memory: a process that is started again comes back as a stranger, which",
            "observes and does not vote, and stopping all forgets everything.",
            "",
            "Three replicas on one machine, each in a terminal of its own:",
            "  M=n1=127.0.0.1:7101,n2=127.0.0.1:7102,n3=127.0.0.1:7103",
            "  kv --id n1 --members $M --http 127.0.0.1:8101 --data kv-data/n1",
            "  kv --id n2 --members $M --http 127.0.0.1:8102 --data kv-data/n2",
            "  kv --id n3 --members $M --http 127.0.0.1:8103 --data kv-data/n3",
            "",
            "Another one in the place of n1, while the cluster runs:",
            "  kv --id n4 --members $M --join 127.0.0.1:7104 --http 127.0.0.1:8104 …",
            "  curl -X POST '127.0.0.1:8102/admin/members?replace=n1&by=n4=127.0.0.1:7104'"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class KvExample implements Callable<Integer> {

    private static final int CLOSING_SECONDS = 5;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--id",
            required = true,
            description = "This replica's name, one of the members if it does not join.")
    private String id;

    @Option(
            names = "--cluster",
            defaultValue = "kv",
            paramLabel = "NAME",
            description =
                    "The name of the cluster (default: ${DEFAULT-VALUE}); what journal rescue or restore has written"
                            + " belongs to the one named there.")
    private String cluster;

    @Option(
            names = "--members",
            required = true,
            paramLabel = "ID=HOST:PORT,…",
            description =
                    "The replicas that form the cluster, and where they listen for each other. Stays the same, at all"
                            + " replicas, when others vote later.")
    private String members;

    @Option(
            names = "--join",
            paramLabel = "HOST:PORT",
            description =
                    "This replica is none of the members: it joins the cluster that they have formed, listens here for"
                            + " the others, and votes when POST /admin/members says so. Stays so at later starts.")
    private @Nullable String join;

    @Option(names = "--http", required = true, paramLabel = "HOST:PORT", description = "Where to listen for HTTP.")
    private String http;

    @Option(
            names = "--deadline",
            defaultValue = "10",
            paramLabel = "SECONDS",
            description = "How long a request may wait for the cluster (default: ${DEFAULT-VALUE}).")
    private int deadline;

    @Option(
            names = "--lease-drift",
            paramLabel = "BOUND",
            description =
                    "Lets the leader answer ?read=lease by itself, where no clock gains more than this on another,"
                            + " such as 0.01; the same at all replicas.")
    private @Nullable Double leaseDrift;

    @Mixin
    private ProtectionOptions protection;

    @Mixin
    private DurabilityOptions durability;

    @Override
    public Integer call() throws InterruptedException {
        // An operator wants to read who leads, and who is a stranger.
        Logging.level("info");
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (KvNode node = start();
                HttpFront front = HttpFront.start(HostPort.parse(http).resolve(), new KvRequests(node))) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stopped, closed), "stop"));
            PrintWriter out = spec.commandLine().getOut();
            out.println(id + ": HTTP on " + HostPort.of(front.address()) + ", peers on "
                    + own(node.addresses().given()));
            out.flush();
            stopped.await();
        } finally {
            closed.countDown();
        }
        return 0;
    }

    /** The process ends when this returns, and by then every request that waits has its answer. */
    private static void stop(CountDownLatch stopped, CountDownLatch closed) {
        stopped.countDown();
        try {
            if (!closed.await(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                LoggerFactory.getLogger(KvExample.class).warn("not closed within {} s", CLOSING_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever is wrong with the options is said before anything listens. */
    private KvNode start() {
        try {
            Members all = Members.parse(members);
            HostPort own = own(all);
            own.resolve();
            HostPort.parse(http).resolve();
            if (deadline < 1) {
                throw new IllegalArgumentException("--deadline must be at least 1 second, but is " + deadline);
            }
            Addresses addresses = new Addresses(all);
            return new KvNode(
                    cluster,
                    id,
                    addresses,
                    protection.transport(own).peers(addresses::resolve),
                    durability.durability(),
                    Duration.ofSeconds(deadline),
                    leaseDrift);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Where this replica listens for the others. */
    private HostPort own(Members all) {
        if (join == null) {
            return all.addressOf(id);
        }
        if (all.addresses().containsKey(id)) {
            throw new IllegalArgumentException("--join is for replicas that are none of the members, but " + id
                    + " is among " + all.addresses().keySet() + "; leave out --join, or choose another --id");
        }
        return HostPort.parse(join);
    }
}
