// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import io.paxos.node.PaxosException;
import io.paxos.node.ReplicatedLog;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A client of the database: asks for one ID after another, and goes elsewhere when its server fails. */
final class Client implements Runnable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long BREATH = TimeUnit.MILLISECONDS.toNanos(5);

    private final long number;
    private final long earlierRequests;
    private final List<Server> servers;
    private final Tickets tickets;
    private final Pauses pauses;
    private final Ledger ledger;
    private int at;

    /** It starts at the server whose place in the list is its number, and goes on counting its requests. */
    Client(long number, long earlierRequests, List<Server> servers, Tickets tickets, Pauses pauses, Ledger ledger) {
        this.number = number;
        this.earlierRequests = earlierRequests;
        this.servers = servers;
        this.tickets = tickets;
        this.pauses = pauses;
        this.ledger = ledger;
        this.at = (int) (number % servers.size());
    }

    @Override
    public void run() {
        try {
            for (long request = earlierRequests + 1; tickets.take(); request++) {
                long asked = System.nanoTime();
                pauses.asked(asked);
                long id = ask(new Request(number, request));
                long answered = System.nanoTime();
                pauses.answered(answered);
                ledger.add(new Ledger.Entry(id, asked, answered));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks until there is an answer, always with the same request, so that asking twice does not cost two IDs. */
    private long ask(Request request) throws InterruptedException {
        while (!Thread.interrupted()) {
            Optional<ReplicatedLog<Request, Long, TransactionIds>> log =
                    servers.get(at).log();
            if (log.isPresent()) {
                try {
                    return granted(request, log.get().submit(request, PATIENCE).join());
                } catch (CompletionException e) {
                    if (!(e.getCause() instanceof PaxosException)) {
                        throw e;
                    }
                }
            }
            at = (at + 1) % servers.size();
            LockSupport.parkNanos(BREATH);
        }
        throw new InterruptedException();
    }

    private static long granted(Request request, long id) {
        if (id == TransactionIds.OBSOLETE) {
            throw new IllegalStateException(request + " was taken for older than the last one of its client");
        }
        return id;
    }
}
