// SPDX-License-Identifier: Apache-2.0
package io.paxos.node.trace;

import io.paxos.message.Bundle;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.Message;
import io.paxos.model.CommandId;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One command on its way, as those see it who carry messages, write, and execute. Safe for any thread. */
final class Following {

    private final NodeId at;
    private final GroupId group;
    private final Payload command;
    private final CompletableFuture<CommandPath> complete = new CompletableFuture<>();
    private final Set<NodeId> nodes = new TreeSet<>();
    private final Set<NodeId> toExecute;
    private final List<CommandPath.Step> steps = new ArrayList<>();
    private final Set<NodeId> told = new HashSet<>();
    private final Set<CommandPath.Step> durable = new HashSet<>();
    private @Nullable CommandId id;
    private long slot;
    private boolean answered;

    /** @param watched those who are waited for */
    Following(NodeId at, GroupId group, Payload command, Collection<NodeId> watched) {
        this.at = at;
        this.group = group;
        this.command = command;
        this.toExecute = new HashSet<>(watched);
        nodes.addAll(watched);
        note(at, "submit");
    }

    CompletableFuture<CommandPath> complete() {
        return complete;
    }

    /** What has happened so far. */
    synchronized CommandPath path() {
        return new CommandPath(List.copyOf(nodes), steps);
    }

    /** Nothing more is taken in. */
    void end() {
        complete.complete(path());
    }

    private void note(NodeId node, String text) {
        nodes.add(node);
        steps.add(new CommandPath.Note(node, text));
    }

    void answered(@Nullable Throwable problem) {
        boolean over;
        synchronized (this) {
            note(at, problem == null ? "answered" : "answered: " + problem);
            answered = true;
            over = problem != null || toExecute.isEmpty();
        }
        endIf(over);
    }

    void applied(NodeId node, GroupId log, long first, int slots) {
        boolean over;
        synchronized (this) {
            if (slot == 0 || !log.equals(group) || slot < first || slot >= first + slots || !toExecute.remove(node)) {
                return;
            }
            note(node, "decided and executed");
            over = answered && toExecute.isEmpty();
        }
        endIf(over);
    }

    private void endIf(boolean over) {
        if (over) {
            end();
        }
    }

    /** A store has made a batch durable. */
    synchronized void written(NodeId node, List<Write> batch) {
        for (Write write : batch) {
            if (write instanceof Write.AcceptWrite accept
                    && accept.group().equals(group)
                    && placeOf(accept.first(), accept.values()) != 0
                    && durable.add(new CommandPath.Note(node, "slot " + slot + " durable"))) {
                note(node, "slot " + slot + " durable");
            }
        }
    }

    /** A message leaves. */
    synchronized void sent(Envelope envelope) {
        String label = label(envelope);
        if (label != null) {
            nodes.add(envelope.to().node());
            steps.add(new CommandPath.Message(
                    envelope.from().node(), envelope.to().node(), label, false));
        }
    }

    /** A message arrives; where the same was sent several times, the first that had not arrived. */
    synchronized void arrived(Envelope envelope) {
        NodeId from = envelope.from().node();
        NodeId to = envelope.to().node();
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof CommandPath.Message sent
                    && !sent.arrived()
                    && sent.from().equals(from)
                    && sent.to().equals(to)
                    && mayBe(sent.label(), envelope.message())) {
                steps.set(i, new CommandPath.Message(from, to, sent.label(), true));
                return;
            }
        }
    }

    private boolean mayBe(String label, Message message) {
        for (GroupMessage part : parts(message)) {
            if (part.group().equals(group)
                    && label.startsWith(part.body().getClass().getSimpleName() + " ")
                    && about(part.body()) != null) {
                return true;
            }
        }
        return false;
    }

    private static List<GroupMessage> parts(Message message) {
        if (message instanceof Bundle bundle) {
            return bundle.parts().stream()
                    .filter(GroupMessage.class::isInstance)
                    .map(GroupMessage.class::cast)
                    .toList();
        }
        return message instanceof GroupMessage single ? List.of(single) : List.of();
    }

    private @Nullable String label(Envelope envelope) {
        for (GroupMessage part : parts(envelope.message())) {
            String about = part.group().equals(group) ? about(part.body()) : null;
            boolean isNews = about != null && about.contains("up to");
            // That it is decided, a node is told again and again; the first time matters.
            if (about != null && (!isNews || told.add(envelope.to().node()))) {
                return part.body().getClass().getSimpleName() + " " + about;
            }
        }
        return null;
    }

    /** What a message says about the command, or null if nothing. */
    private @Nullable String about(LogMessage message) {
        if (message instanceof LogMessage.Forward forward) {
            return indexOf(forward.values()) >= 0 ? "command " + id : null;
        }
        if (message instanceof LogMessage.Accept accept) {
            return placeOf(accept.first(), accept.values()) != 0
                    ? "slot " + slot + " at " + accept.ballot()
                    : news("decided up to ", accept.decided());
        }
        if (message instanceof LogMessage.Accepted accepted) {
            return slot != 0
                            && accepted.slots().first() <= slot
                            && slot < accepted.slots().end()
                    ? "slot " + slot
                    : null;
        }
        if (message instanceof LogMessage.CatchUpReply reply) {
            return placeOf(reply.first(), reply.values()) != 0 ? "slot " + slot : null;
        }
        if (message instanceof LogMessage.Decide decide) {
            return news("up to ", decide.decided());
        }
        return message instanceof LogMessage.Heartbeat heartbeat ? news("decided up to ", heartbeat.decided()) : null;
    }

    private @Nullable String news(String words, long decided) {
        return slot != 0 && decided >= slot ? words + decided : null;
    }

    /** The slot of the command, if it is among values from a slot on; else 0. */
    private long placeOf(long first, List<Value> values) {
        int index = indexOf(values);
        if (index < 0) {
            return 0;
        }
        slot = first + index;
        return slot;
    }

    private int indexOf(List<Value> values) {
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) instanceof Value.Command value && isIt(value)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isIt(Value.Command value) {
        if (id == null && !value.isFence() && value.payload().equals(command)) {
            id = value.id();
        }
        return value.id().equals(id);
    }
}
