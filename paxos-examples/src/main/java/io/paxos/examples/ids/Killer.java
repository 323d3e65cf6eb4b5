// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import io.paxos.model.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Kills whichever server leads, in the middle of its work, and starts it again with the store it had. */
final class Killer {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long BREATH = TimeUnit.MILLISECONDS.toNanos(2);

    private final List<Server> servers;
    private final Tickets tickets;
    private final Consumer<String> story;

    /** What happens is told to the story, a sentence at a time. */
    Killer(List<Server> servers, Tickets tickets, Consumer<String> story) {
        this.servers = servers;
        this.tickets = tickets;
        this.story = story;
    }

    /**
     * Releases the tickets in portions of equal size, one more than there are kills. Each but the last sees the leader
     * die when half of it is used.
     *
     * @return how many leaders died
     * @throws IllegalStateException if no new leader appears, or a server that came back does not catch up
     */
    int run(long ids, int kills) throws InterruptedException {
        for (int done = 0; done < kills; done++) {
            long begin = ids * done / (kills + 1);
            long end = ids * (done + 1) / (kills + 1);
            tickets.releaseUpTo(end);
            if (!tickets.awaitTaken((begin + end) / 2)) {
                return done;
            }
            killAndRestart();
        }
        tickets.releaseUpTo(ids);
        return kills;
    }

    private void killAndRestart() throws InterruptedException {
        Server victim = awaitLeader();
        victim.kill();
        story.accept(victim.id() + ", the leader, is killed");
        story.accept(awaitLeader().id() + " leads now");
        long behind = servers.stream().mapToLong(Server::applied).max().orElse(0);
        victim.start();
        await(() -> victim.applied() >= behind, victim.id() + " to catch up");
        story.accept(victim.id() + " is back and has caught up");
    }

    /** The leader on whom all servers that run are agreed. */
    Server awaitLeader() throws InterruptedException {
        AtomicReference<@Nullable Server> found = new AtomicReference<>();
        await(
                () -> {
                    found.set(leader().orElse(null));
                    return found.get() != null;
                },
                "a leader on whom all servers that run are agreed");
        return Objects.requireNonNull(found.get());
    }

    private Optional<Server> leader() {
        Set<Optional<NodeId>> named =
                servers.stream().filter(Server::isRunning).map(Server::leader).collect(Collectors.toSet());
        return named.size() == 1
                ? named.iterator().next().flatMap(id -> servers.stream()
                        .filter(server -> server.isRunning() && server.id().equals(id))
                        .findFirst())
                : Optional.empty();
    }

    private static void await(BooleanSupplier condition, String what) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("waited " + PATIENCE.toSeconds() + " s in vain for " + what);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(BREATH);
        }
    }
}
