// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.message.Bundle;
import io.paxos.message.Envelope;
import io.paxos.testkit.check.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes each message from its sender over the network to whoever is up at its address by then. */
final class Post {

    private final World world;
    private final Stations stations;
    private final Network network;
    private long letters;
    private @Nullable Watcher watcher;

    /** Who is shown where every message is. */
    interface Watcher {

        /**
         * A message is under way from one node to another.
         *
         * @param letter its number
         * @param arrives when it arrives, in microseconds
         */
        void underWay(long letter, Envelope envelope, long arrives);

        /** A message is lost. */
        void lost(long letter, Envelope envelope);
    }

    Post(World world, Stations stations, Network network) {
        this.world = world;
        this.stations = stations;
        this.network = network;
    }

    /** From now on every message is shown to somebody, except what nodes send to themselves. */
    void watch(Watcher who) {
        watcher = who;
    }

    /** Sends what a node says at once, put together as a real node puts it; seen are the messages, in their order. */
    void send(Host from, List<Envelope> messages) {
        for (Envelope message : messages) {
            world.tallyman().sending(world.facts(), message);
            world.judge().sent(from, message);
        }
        Bundle.pack(messages).forEach(letter -> send(from, letter));
    }

    private void send(Host from, Envelope envelope) {
        if (envelope.message() instanceof Bundle) {
            world.tallyman().bundled();
        }
        Station to = stations.of(envelope.to().node());
        if (to == null) {
            throw new Violation("messages go to nodes that exist", from.name() + " " + envelope);
        }
        long letter = letters++;
        if (to.index() == from.index()) {
            world.trace().add(world.now(), Trace.Kind.SEND, from.name(), envelope);
            world.timeline().after(0, from, () -> deliver(to, envelope, letter));
            return;
        }
        boolean sent = network.send(world.now(), from.index(), to.index(), time -> {
            if (watcher != null) {
                watcher.underWay(letter, envelope, time);
            }
            world.timeline().at(time, to.index(), () -> deliver(to, envelope, letter));
        });
        if (!sent && watcher != null) {
            watcher.lost(letter, envelope);
        }
        world.trace().add(world.now(), sent ? Trace.Kind.SEND : Trace.Kind.LOSE, from.name(), envelope);
    }

    /** What was sent is in the trace already, so its number is enough to tell it from anything else. */
    private void deliver(Station to, Envelope envelope, long letter) {
        Host host = to.host();
        if (host == null) {
            return;
        }
        for (Envelope part : parts(envelope)) {
            host.receive(part, () -> {
                world.judge().received(host, part);
                world.trace().add(world.now(), Trace.Kind.RECEIVE, host.name(), part, letter);
            });
        }
    }

    private static List<Envelope> parts(Envelope envelope) {
        return envelope.message() instanceof Bundle bundle
                ? bundle.parts().stream().map(envelope::with).toList()
                : List.of(envelope);
    }
}
