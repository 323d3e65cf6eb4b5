// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells what the nodes of a run say to each other, write down and decide. Heartbeats are left out, and so is how a cluster
 * forms, except that it does. A message to several nodes is one line.
 */
final class ProtocolStory implements Trace.Listener {

    private static final int WIDTH = 110;
    private static final int INDENT = 28;

    /** One line, or the beginning of one that goes on. */
    record Line(long time, String who, String what) {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%8.1f  %-15s", time / 1000.0, who));
            int width = text.length();
            for (String word : what.split(" ", -1)) {
                if (width + word.length() + 1 > WIDTH) {
                    text.append('\n').append(" ".repeat(INDENT - 1));
                    width = INDENT - 1;
                }
                text.append(' ').append(word);
                width += word.length() + 1;
            }
            return text.toString();
        }
    }

    private final List<Line> lines = new ArrayList<>();
    private final Map<String, String> roles = new TreeMap<>();
    private final Map<NodeId, Endpoint> first = new TreeMap<>();
    private @Nullable Envelope lastSent;
    private boolean lastWasLost;

    List<Line> lines() {
        return lines;
    }

    @Override
    public void happened(long time, Trace.Kind kind, String node, Object detail) {
        switch (kind) {
            case SEND, LOSE -> {
                if (detail instanceof Envelope envelope) {
                    sent(time, envelope, kind == Trace.Kind.LOSE);
                }
                return;
            }
            case RECEIVE, NOTE, EXECUTED, TICK, FAULT -> {
                return; // the same again, from the other side, or in the commands
            }
            case START -> {
                if (detail instanceof Self self) {
                    first.putIfAbsent(self.node(), self.endpoint());
                }
                tell(time, node, "starts");
            }
            case STOP -> tell(time, node, "crashes");
            case CALL -> {
                if (detail instanceof String words) {
                    String[] parts = words.split(": ", 2);
                    tell(time, parts[0] + " → " + node, "“" + parts[1] + "”");
                }
            }
            case ANSWER -> answer(time, node, detail);
            case DURABLE -> tell(time, node, wrote(detail));
            case APPLY -> tell(time, node, executes(detail));
            case INSTALLED -> tell(time, node, "stands where the snapshot stands");
            case SAYS -> says(time, node, detail);
        }
    }

    private void tell(long time, String who, @Nullable String what) {
        if (what != null) {
            lastSent = null;
            lines.add(new Line(time, who, what));
        }
    }

    /** Nodes say the same to one after another; that is one line. */
    private void sent(long time, Envelope envelope, boolean isLost) {
        String words = Phrases.of(envelope.message());
        if (words == null) {
            return;
        }
        String what = words + (isLost ? "   (lost)" : "");
        String to = name(envelope.to());
        Line last = lines.isEmpty() ? null : lines.get(lines.size() - 1);
        boolean goesOn = lastSent != null
                && last != null
                && last.time == time
                && lastWasLost == isLost
                && last.what.equals(what)
                && lastSent.from().equals(envelope.from());
        if (goesOn && last != null) {
            lines.set(lines.size() - 1, new Line(time, last.who + " " + to, what));
        } else {
            lines.add(new Line(time, name(envelope.from()) + " → " + to, what));
        }
        lastSent = envelope;
        lastWasLost = isLost;
    }

    /** A node with another store than it had at first is another one to the protocol. */
    private String name(Endpoint endpoint) {
        return endpoint.node() + (endpoint.equals(first.get(endpoint.node())) ? "" : "′");
    }

    private void answer(long time, String node, Object detail) {
        if (detail instanceof String words) {
            String[] parts = words.split(" hears: ", 2);
            tell(time, node + " → " + parts[0], parts[1]);
        } else if (detail instanceof Effect.Respond respond && respond.outcome() instanceof Outcome.Chosen chosen) {
            tell(time, node, "answers: chosen is " + Phrases.payload(chosen.value()));
        }
    }

    private static @Nullable String wrote(Object detail) {
        if (detail instanceof Write.PromiseWrite w) {
            return "writes: promised " + Phrases.ballot(w.promised());
        }
        if (detail instanceof Write.AcceptWrite w) {
            return "writes: accepted at " + Phrases.ballot(w.ballot()) + ": " + Phrases.values(w.first(), w.values());
        }
        if (detail instanceof Write.LearnWrite w) {
            return "writes: learned " + Phrases.values(w.first(), w.values());
        }
        if (detail instanceof Write.DecidedWrite w) {
            return "writes: decided up to slot " + w.decided();
        }
        if (detail instanceof Write.DecreeWrite w) {
            return "writes: " + w.name().name() + ": promised " + Phrases.ballot(w.promised())
                    + (w.accepted() == null
                            ? ""
                            : ", accepted " + Phrases.payload(w.accepted().value()) + " at "
                                    + Phrases.ballot(w.accepted().ballot()));
        }
        if (detail instanceof Write.DecreeDecidedWrite w) {
            return "writes: " + w.name().name() + ": decided " + Phrases.payload(w.value());
        }
        if (detail instanceof Write.TrimWrite w) {
            return "forgets its log up to slot " + w.compacted();
        }
        if (detail instanceof Write.FormationWrite w) {
            return w.formed() != null ? null : w.bound() == null ? null : "binds to these stores of all members";
        }
        return detail instanceof String words && words.contains("snapshot")
                ? "stores a " + words.substring(words.indexOf("snapshot"), words.indexOf(',')) + ")"
                : null;
    }

    private static @Nullable String executes(Object detail) {
        if (detail instanceof Effect.Apply apply) {
            return "has decided and executes " + Phrases.values(apply.first(), apply.values());
        }
        return detail instanceof Effect.Install install ? "installs " + Phrases.snapshot(install.snapshot()) : null;
    }

    private void says(long time, String node, Object detail) {
        if (detail instanceof Effect.RoleChanged changed) {
            @Nullable NodeId leader = changed.leader();
            String role =
                    switch (changed.role()) {
                        case LEADER -> "leads with ballot " + Phrases.ballot(changed.ballot());
                        case CANDIDATE -> "stands for leader with ballot " + Phrases.ballot(changed.ballot());
                        case FOLLOWER -> leader == null ? "follows nobody" : "follows " + leader;
                        case OBSERVER -> "observes";
                        case HALTED -> "halts";
                    };
            if (!role.equals(roles.put(node, role))) {
                tell(time, node, role);
            }
        } else if (detail instanceof Effect.Formed formed) {
            tell(
                    time,
                    node,
                    formed.stranger() == null
                            ? "knows that the cluster has formed"
                            : "is a stranger: " + formed.stranger());
        } else if (detail instanceof Effect.DecreeDecided decided) {
            tell(time, node, "has decided " + decided.name().name() + ": " + Phrases.payload(decided.value()));
        } else if (detail instanceof Effect.TurnedStranger turned) {
            tell(time, node, "is a stranger from now on: " + turned.reason());
        } else if (detail instanceof Effect.Halted halted) {
            tell(time, node, "halts: " + halted.reason());
        }
    }
}
