// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Outcome;
import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.Message;
import io.paxos.message.PulseMessage;
import io.paxos.message.RegisterMessage;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Rendezvous;
import io.paxos.model.Value;
import io.paxos.single.SingleMessage;
import io.paxos.testkit.check.Choice;
import io.paxos.testkit.check.Facts;
import io.paxos.testkit.coverage.Coverage;
import io.paxos.testkit.coverage.Mark;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Counts what the messages and answers of a run show of the situations it came through. */
final class Tallyman {

    private final Coverage coverage;
    private final boolean spread;

    /** @param spread whether offices are spread over the nodes */
    Tallyman(Coverage coverage, boolean spread) {
        this.coverage = coverage;
        this.spread = spread;
    }

    /** Looks at a message that is about to be added to the facts. */
    void sending(Facts facts, Envelope envelope) {
        Message message = envelope.message();
        if (message instanceof GroupMessage m) {
            LogMessage body = m.body();
            if (body instanceof LogMessage.Accept accept) {
                accept(facts, m, accept);
            } else if (body instanceof LogMessage.Prepare) {
                coverage.count(Mark.PREPARE);
            } else if (body instanceof LogMessage.Promise promise) {
                if (!promise.last()) {
                    coverage.count(Mark.PROMISE_PART);
                }
                if (promise.compacted() >= promise.slots().first()) {
                    coverage.count(Mark.COMPACTION_MET);
                }
            } else if (body instanceof LogMessage.Nack nack) {
                coverage.count(Mark.NACK);
                if (nack.promised().round() > nack.ballot().round()) {
                    coverage.count(Mark.HIGHER_ROUND);
                }
            } else if (body instanceof LogMessage.CanvassReply reply && !reply.supports()) {
                coverage.count(Mark.CANVASS_DENIED);
            } else if (body instanceof LogMessage.Resign) {
                coverage.count(Mark.RESIGNED);
            } else if (body instanceof LogMessage.LeaseGrant) {
                coverage.count(Mark.LEASE_GRANTED);
            } else if (body instanceof LogMessage.TakeOver) {
                coverage.count(Mark.TAKE_OVER);
                if (spread
                        && isPreferred(
                                m.group(), envelope.to().node(), envelope.from().node())) {
                    coverage.count(Mark.SPREAD);
                }
            } else if (body instanceof LogMessage.Forward) {
                coverage.count(Mark.FORWARD);
            } else if (body instanceof LogMessage.ReadQuery query && query.hops() > 0) {
                coverage.count(Mark.READ_ASKED_AGAIN);
            } else if (body instanceof LogMessage.ReadReply reply) {
                reading(reply);
            } else if (body instanceof LogMessage.Compare) {
                coverage.count(Mark.COMPARED);
            } else if (body instanceof LogMessage.CloseSlots) {
                coverage.count(Mark.CLOSING_ASKED);
            } else if (body instanceof LogMessage.CatchUpReply reply
                    && !reply.values().isEmpty()) {
                coverage.count(Mark.CATCH_UP);
            }
        } else if (message instanceof DecreeMessage.Step m && m.body() instanceof SingleMessage.Nack) {
            coverage.count(Mark.NACK);
        } else if (message instanceof RegisterMessage.Step m) {
            register(facts, m);
        } else if (message instanceof PulseMessage.Pulse pulse) {
            pulse.turns().forEach(turn -> coverage.count(turn.rests() ? Mark.RESTED : Mark.ROUSED));
        } else if (message instanceof PulseMessage.Answer answer
                && !answer.awake().isEmpty()) {
            coverage.count(Mark.REST_REFUSED);
        }
    }

    private static boolean isPreferred(GroupId group, NodeId node, NodeId other) {
        return Rendezvous.weight(group, node) > Rendezvous.weight(group, other);
    }

    /** Several messages are about to leave as one. */
    void bundled() {
        coverage.count(Mark.BUNDLE);
    }

    private void register(Facts facts, RegisterMessage.Step message) {
        if (message.body() instanceof SingleMessage.Nack) {
            coverage.count(Mark.NACK);
        } else if (message.body() instanceof SingleMessage.Accept accept) {
            Choice<Payload> choice = facts.register(message.name()).choice();
            boolean isNew = choice.at(accept.ballot()) == null;
            if (isNew && choice.proposals().stream().anyMatch(p -> p.value().equals(accept.value()))) {
                coverage.count(Mark.REGISTER_FINISHED);
            }
        }
    }

    private void reading(LogMessage.ReadReply reply) {
        if (reply.quorum()) {
            coverage.count(Mark.READ_FOR_ANOTHER);
        } else if (reply.highest() > reply.decided()) {
            coverage.count(Mark.READ_MET_OPEN_SLOT);
        }
    }

    private void accept(Facts facts, GroupMessage message, LogMessage.Accept accept) {
        long slot = accept.first();
        for (Value value : accept.values()) {
            Choice<Value> choice = facts.log(message.group()).at(slot++);
            if (choice != null && choice.at(accept.ballot()) != null) {
                continue;
            }
            if (value instanceof Value.NoOp) {
                coverage.count(Mark.GAP_FILLED);
            } else if (choice != null && !choice.proposals().isEmpty()) {
                coverage.count(Mark.REPROPOSED);
            }
        }
    }

    void answered(@Nullable Outcome outcome) {
        if (outcome instanceof Outcome.Applied) {
            coverage.count(Mark.APPLIED);
        } else if (outcome instanceof Outcome.Current) {
            coverage.count(Mark.CURRENT);
        } else if (outcome instanceof Outcome.Fenced) {
            coverage.count(Mark.FENCED);
        } else if (outcome instanceof Outcome.Led) {
            coverage.count(Mark.LED);
        } else if (outcome instanceof Outcome.Chosen) {
            coverage.count(Mark.CHOSEN);
        } else if (outcome instanceof Outcome.Held) {
            coverage.count(Mark.REGISTER_HELD);
        } else if (outcome instanceof Outcome.Changed) {
            coverage.count(Mark.REGISTER_CHANGED);
        } else if (outcome instanceof Outcome.Undecided) {
            coverage.count(Mark.UNDECIDED);
        } else if (outcome instanceof Outcome.Refused refused) {
            coverage.count(
                    switch (refused.reason()) {
                        case OVERLOADED -> Mark.OVERLOADED;
                        case TIMEOUT -> Mark.TIMEOUT;
                        case STOPPED -> Mark.STOPPED;
                        case TOO_LARGE -> Mark.TOO_LARGE;
                        case FENCED -> Mark.FENCED;
                        case STALE -> Mark.STALE;
                        case NOT_LEADER, NOT_A_VOTER -> Mark.TRANSFER_REFUSED;
                        case FEATURE_LEVEL -> Mark.TOO_OLD;
                        // Counted by whoever asks for changes.
                        case CHANGE_UNDER_WAY, VERSION_OUTDATED, UNKNOWN_NODE, NO_QUORUM -> Mark.CHANGE_REFUSED;
                    });
        } else if (outcome instanceof Outcome.Unknown) {
            coverage.count(Mark.UNKNOWN);
        }
    }

    /** Adds what the facts show at the end of a run. */
    void finished(Facts facts) {
        facts.logs().forEach((group, log) -> {
            for (long i = 0; i < log.chosenUpTo(); i++) {
                coverage.count(Mark.SLOT_CHOSEN);
            }
            for (int i = 0; i < facts.executions(group).size(); i++) {
                coverage.count(Mark.COMMAND);
            }
        });
        facts.decrees().forEach((name, decree) -> {
            if (decree.chosen() != null) {
                coverage.count(Mark.DECREE_CHOSEN);
            }
            if (decree.ballots() > 1) {
                coverage.count(Mark.DUEL);
            }
        });
        facts.registers().forEach((name, register) -> {
            if (register.chosen() != null) {
                coverage.count(Mark.REGISTER);
            }
            Set<NodeId> proposers = new HashSet<>();
            register.choice()
                    .proposals()
                    .forEach(proposal -> proposers.add(proposal.ballot().proposer()));
            if (proposers.size() > 1) {
                coverage.count(Mark.REGISTER_DUEL);
            }
        });
        if (facts.formation().formed() != null) {
            coverage.count(Mark.FORMED);
        }
    }
}
