// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.message.Bundle;
import io.paxos.message.EpochMessage;
import io.paxos.message.Message;
import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import java.util.List;
import java.util.function.Predicate;

/** Puts questions to the members, and again, ever more rarely, to those who have not answered. */
final class Questions {

    private Electorate electorate;
    private final Agenda agenda;
    private final Outbox out;
    private final DecreeConfig config;

    Questions(Electorate electorate, Agenda agenda, Outbox out, DecreeConfig config) {
        this.electorate = electorate;
        this.agenda = agenda;
        this.out = out;
        this.config = config;
    }

    /** From now on others are asked; what is under way goes on asking whom it asked. */
    void turnTo(Electorate others) {
        electorate = others;
    }

    /** Whom is asked. */
    Electorate electorate() {
        return electorate;
    }

    /**
     * Asks everyone now.
     *
     * @param message the question
     * @param answered who need not be asked again
     * @return by which the asking ends
     */
    Question put(Bundle.Part message, Predicate<NodeId> answered) {
        Question question =
                new Question(electorate.endpoints(), EpochMessage.in(electorate.epoch(), message), answered);
        question.ask();
        return question;
    }

    /** A question under way. */
    final class Question {
        private final List<Endpoint> members;
        private final Message message;
        private final Predicate<NodeId> answered;
        private int interval = config.resendTicks();
        private Agenda.Alarm again;

        private Question(List<Endpoint> members, Message message, Predicate<NodeId> answered) {
            this.members = members;
            this.message = message;
            this.answered = answered;
            this.again = agenda.after(interval, this::repeat);
        }

        private void ask() {
            for (Endpoint member : members) {
                if (!answered.test(member.node())) {
                    out.send(member, message);
                }
            }
        }

        private void repeat() {
            ask();
            interval = Math.min(2 * interval, config.slowestResendTicks());
            again = agenda.after(interval, this::repeat);
        }

        /** Asks no more. */
        void withdraw() {
            again.cancel();
        }
    }
}
