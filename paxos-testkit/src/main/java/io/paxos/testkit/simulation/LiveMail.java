// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.message.Bundle;
import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.Message;
import io.paxos.testkit.live.Letter;
import java.util.ArrayList;
import java.util.List;

/** Keeps what is under way in a live run, and what has left since somebody asked. */
final class LiveMail implements Post.Watcher {

    private final World world;
    private final List<Letter> left = new ArrayList<>();
    private final List<Letter> underWay = new ArrayList<>();

    LiveMail(World world) {
        this.world = world;
    }

    @Override
    public void underWay(long letter, Envelope envelope, long arrives) {
        underWay.removeIf(each -> each.arrives() <= world.now());
        for (Message part : parts(envelope.message())) {
            Letter one = letter(letter, envelope, part, arrives, false);
            left.add(one);
            underWay.add(one);
        }
    }

    @Override
    public void lost(long letter, Envelope envelope) {
        for (Message part : parts(envelope.message())) {
            left.add(letter(letter, envelope, part, world.now(), true));
        }
    }

    private static List<? extends Message> parts(Message message) {
        return message instanceof Bundle bundle ? bundle.parts() : List.of(message);
    }

    private Letter letter(long number, Envelope envelope, Message message, long arrives, boolean lost) {
        String kind = kind(message);
        String text = Phrases.of(message);
        return new Letter(
                number,
                envelope.from().node().name(),
                envelope.to().node().name(),
                kind,
                text == null ? kind : text,
                world.now(),
                arrives,
                lost);
    }

    /** The name of a message in the protocol, the same for a log and for a decree. */
    private static String kind(Message message) {
        Object named = message instanceof GroupMessage m
                ? m.body()
                : message instanceof DecreeMessage.Step step ? step.body() : message;
        return named.getClass().getSimpleName();
    }

    List<Letter> underWay() {
        underWay.removeIf(each -> each.arrives() <= world.now());
        return List.copyOf(underWay);
    }

    List<Letter> take() {
        List<Letter> all = List.copyOf(left);
        left.clear();
        return all;
    }
}
