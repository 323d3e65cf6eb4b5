package io.paxos.testkit.simulation;

import io.paxos.event.Outcome;
import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.Message;
import io.paxos.model.Value;
import io.paxos.single.SingleMessage;
import io.paxos.testkit.check.Choice;
import io.paxos.testkit.check.Facts;
import io.paxos.testkit.coverage.Coverage;
import io.paxos.testkit.coverage.Mark;
import org.jspecify.annotations.Nullable;

/** Counts what the messages and answers of a run show of the situations it came through. */
final class Tallyman {

    private final Coverage coverage;

    Tallyman(Coverage coverage) {
        this.coverage = coverage;
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
            } else if (body instanceof LogMessage.Nack) {
                coverage.count(Mark.NACK);
            } else if (body instanceof LogMessage.Resign) {
                coverage.count(Mark.RESIGNED);
            } else if (body instanceof LogMessage.Forward) {
                coverage.count(Mark.FORWARD);
            } else if (body instanceof LogMessage.CatchUpReply reply
                    && !reply.values().isEmpty()) {
                coverage.count(Mark.CATCH_UP);
            }
        } else if (message instanceof DecreeMessage.Step m && m.body() instanceof SingleMessage.Nack) {
            coverage.count(Mark.NACK);
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
        } else if (outcome instanceof Outcome.Chosen) {
            coverage.count(Mark.CHOSEN);
        } else if (outcome instanceof Outcome.Undecided) {
            coverage.count(Mark.UNDECIDED);
        } else if (outcome instanceof Outcome.Refused refused) {
            coverage.count(
                    switch (refused.reason()) {
                        case OVERLOADED -> Mark.OVERLOADED;
                        case TIMEOUT -> Mark.TIMEOUT;
                        case STOPPED -> Mark.STOPPED;
                        case TOO_LARGE -> Mark.TOO_LARGE;
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
        if (facts.formation().formed() != null) {
            coverage.count(Mark.FORMED);
        }
    }
}
