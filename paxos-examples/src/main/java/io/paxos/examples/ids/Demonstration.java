// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Servers, clients that use them, and a killer: runs until every ID asked for has been handed out, then counts. */
final class Demonstration {

    private static final int GLANCE_MILLIS = 100;
    private static final Duration STALL = Duration.ofSeconds(60);
    private static final Duration READING = Duration.ofSeconds(60);

    private final List<Server> servers;
    private final Progress progress;
    private final Tickets tickets;
    private final Pauses pauses = new Pauses();
    private final Ledger ledger;

    /** The servers are not started yet. */
    Demonstration(List<Server> servers, Progress progress, Ledger ledger, long ids) {
        this.servers = servers;
        this.progress = progress;
        this.ledger = ledger;
        this.tickets = new Tickets(ids);
    }

    /**
     * Runs it; all servers are stopped afterwards.
     *
     * @throws IllegalStateException if the servers stop handing out IDs, or something fails that must not
     */
    Verdict run(long ids, int kills, int clients) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(clients + 1);
        try {
            servers.forEach(Server::start);
            Killer killer = new Killer(servers, tickets, progress::tell);
            progress.tell(killer.awaitLeader().id() + " leads");
            TransactionIds.State before = read(servers.get(0));
            requireAllEarlier(before.allocated());
            CompletableFuture<?>[] asking = LongStream.range(0, clients)
                    .mapToObj(number -> new Client(number, before.requestsOf(number), servers, tickets, pauses, ledger))
                    .map(client -> start(threads, client))
                    .toArray(CompletableFuture<?>[]::new);
            int[] killed = new int[1];
            CompletableFuture<?> killing = start(threads, () -> killed[0] = killLeaders(killer, ids, kills));
            watch(CompletableFuture.allOf(CompletableFuture.allOf(asking), killing));
            Set<TransactionIds.State> states = states();
            long allocated = states.iterator().next().allocated();
            return new Verdict(
                    servers.size(),
                    ids,
                    kills,
                    ledger.audit(before.allocated(), allocated),
                    killed[0],
                    states.size() == 1,
                    pauses.longestMillis());
        } finally {
            progress.clear();
            tickets.cancel();
            threads.shutdownNow();
            servers.forEach(Server::kill);
        }
    }

    /** When one thread fails, there is nothing left to wait for. */
    private CompletableFuture<?> start(ExecutorService threads, Runnable task) {
        return CompletableFuture.runAsync(task, threads).whenComplete((nothing, problem) -> {
            if (problem != null) {
                tickets.cancel();
            }
        });
    }

    private int killLeaders(Killer killer, long ids, int kills) {
        try {
            return killer.run(ids, kills);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private void watch(CompletableFuture<?> all) throws InterruptedException {
        while (true) {
            try {
                all.get(GLANCE_MILLIS, TimeUnit.MILLISECONDS);
                progress.clear();
                return;
            } catch (TimeoutException e) {
                progress.show(ledger.count(), whoRuns());
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
            if (pauses.currentMillis(System.nanoTime()) > STALL.toMillis()) {
                throw new IllegalStateException("no ID has been handed out for " + STALL.toSeconds() + " s");
            }
        }
    }

    private String whoRuns() {
        return servers.stream().map(server -> server.id() + state(server)).collect(Collectors.joining(" "));
    }

    private static String state(Server server) {
        return server.log().map(log -> log.isLeader() ? " leads" : " runs").orElse(" is down");
    }

    /** The states of all servers, each with everything in it that anybody was told; equal ones count once. */
    private Set<TransactionIds.State> states() {
        Set<TransactionIds.State> states = new HashSet<>();
        for (Server server : servers) {
            states.add(read(server));
        }
        return states;
    }

    /** The state of a server, with all that anybody was told. */
    private static TransactionIds.State read(Server server) {
        return server.log()
                .orElseThrow(() -> new IllegalStateException(server.id() + " is not back"))
                .read(TransactionIds::state, READING)
                .join();
    }

    /** What the clients of earlier runs were told, the servers must know; they may know more, told to nobody. */
    private void requireAllEarlier(long allocated) {
        if (ledger.highestEarlier() > allocated) {
            throw new IllegalStateException("clients of an earlier run got IDs up to " + ledger.highestEarlier()
                    + ", but the servers know only those up to " + allocated);
        }
        if (allocated > 0) {
            progress.tell("the servers have allocated " + allocated + " IDs in earlier runs");
        }
    }
}
