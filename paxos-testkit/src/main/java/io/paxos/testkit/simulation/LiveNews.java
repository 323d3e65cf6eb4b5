// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.model.Configuration;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import io.paxos.testkit.check.Check;
import io.paxos.testkit.check.Choice;
import io.paxos.testkit.check.Facts;
import io.paxos.testkit.live.News;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in words what happens in a live run, but for the messages and what only keeps things going. */
final class LiveNews implements Trace.Listener, Check {

    private final World world;
    private final List<News> news = new ArrayList<>();
    private final Map<String, String> roles = new HashMap<>();

    LiveNews(World world) {
        this.world = world;
    }

    void tell(String node, News.Kind kind, @Nullable String text) {
        if (text != null) {
            news.add(new News(world.now(), node, kind, text));
        }
    }

    List<News> take() {
        List<News> all = List.copyOf(news);
        news.clear();
        return all;
    }

    @Override
    public void slotChosen(
            Facts facts, GroupId group, long slot, Choice<Value> choice, Choice.Ballotted<Value> proposal) {
        tell(
                "",
                News.Kind.CHOSEN,
                "slot " + slot + " is chosen: " + Phrases.value(proposal.value()) + " at "
                        + Phrases.ballot(proposal.ballot()));
    }

    @Override
    public void decreeChosen(Facts facts, DecreeName name, Choice<Payload> choice, Choice.Ballotted<Payload> proposal) {
        tell(
                "",
                News.Kind.CHOSEN,
                "decree " + name.name() + " is chosen: " + Phrases.payload(proposal.value()) + " at "
                        + Phrases.ballot(proposal.ballot()));
    }

    @Override
    public void happened(long time, Trace.Kind kind, String node, Object detail) {
        switch (kind) {
            case START -> tell(node, News.Kind.LIFE, "starts");
            case STOP -> {
                roles.remove(node);
                tell(node, News.Kind.LIFE, "stops");
            }
            case CALL -> tell(node, News.Kind.CALLER, asked(detail));
            case ANSWER -> {
                if (detail instanceof Effect.Respond respond) {
                    tell(node, News.Kind.CALLER, answered(respond.outcome()));
                }
            }
            case DURABLE -> tell(node, News.Kind.STORE, wrote(detail));
            case APPLY -> {
                if (detail instanceof Effect.Apply apply) {
                    tell(node, News.Kind.APPLY, "executes " + Phrases.values(apply.first(), apply.values()));
                }
            }
            case SAYS -> said(node, detail);
            default -> {
                // messages are shown as such
            }
        }
    }

    private static @Nullable String asked(Object detail) {
        if (detail instanceof Event.Submit submit) {
            return "is asked for " + Phrases.payload(submit.command());
        }
        if (detail instanceof Event.Agree agree) {
            return "is asked to have " + Phrases.payload(agree.value()) + " chosen for "
                    + agree.name().name();
        }
        return detail instanceof Event.Reconfigure change ? "is asked: " + words(change.change()) : null;
    }

    private static String words(MembershipChange change) {
        List<String> parts = new ArrayList<>();
        change.vote().forEach(node -> parts.add(node + " is to vote"));
        change.observe().forEach(node -> parts.add(node + " is to observe"));
        change.remove().forEach(node -> parts.add(node + " is to leave"));
        return String.join(", ", parts);
    }

    private static @Nullable String answered(Outcome outcome) {
        if (outcome instanceof Outcome.Applied applied) {
            return "answers: applied in slot " + applied.slot();
        }
        if (outcome instanceof Outcome.Refused refused) {
            return "answers: refused, " + refused.detail();
        }
        if (outcome instanceof Outcome.Unknown unknown) {
            return "answers: unknown, " + unknown.detail();
        }
        if (outcome instanceof Outcome.Chosen chosen) {
            return "answers: chosen is " + Phrases.payload(chosen.value());
        }
        return outcome instanceof Outcome.Reconfigured done
                ? "answers: " + votersOf(done.configuration()) + " vote from slot " + done.from() + " on"
                : null;
    }

    private static String votersOf(Configuration configuration) {
        return configuration.voters().voters().keySet().stream()
                .map(NodeId::name)
                .collect(Collectors.joining(" "));
    }

    private static @Nullable String wrote(Object detail) {
        if (detail instanceof Write.PromiseWrite w) {
            return "has durably promised " + Phrases.ballot(w.promised());
        }
        if (detail instanceof Write.AcceptWrite w) {
            return "has durably accepted " + Phrases.values(w.first(), w.values()) + " at "
                    + Phrases.ballot(w.ballot());
        }
        return detail instanceof Write.LearnWrite w ? "has learned " + Phrases.values(w.first(), w.values()) : null;
    }

    private void said(String node, Object detail) {
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
                tell(node, News.Kind.ROLE, role);
            }
        } else if (detail instanceof Effect.Formed formed) {
            tell(
                    node,
                    News.Kind.ROLE,
                    formed.stranger() == null
                            ? "knows that the cluster has formed"
                            : "is a stranger: " + formed.stranger());
        } else if (detail instanceof Effect.DecreeDecided decided) {
            tell(
                    node,
                    News.Kind.APPLY,
                    "knows that " + decided.name().name() + " is decided: " + Phrases.payload(decided.value()));
        } else if (detail instanceof Effect.TurnedStranger turned) {
            tell(node, News.Kind.ROLE, "is a stranger from now on: " + turned.reason());
        } else if (detail instanceof Effect.Halted halted) {
            tell(node, News.Kind.ROLE, "halts: " + halted.reason());
        }
    }
}
