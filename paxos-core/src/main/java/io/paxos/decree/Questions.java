// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.message.Message;
import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import java.util.function.Predicate;

/** Puts questions to the members, and again, ever more rarely, to those who have not answered. */
final class Questions {

    private final Electorate electorate;
    private final Agenda agenda;
    private final Outbox out;
    private final DecreeConfig config;

    Questions(Electorate electorate, Agenda agenda, Outbox out, DecreeConfig config) {
        this.electorate = electorate;
        this.agenda = agenda;
        this.out = out;
        this.config = config;
    }

    /**
     * Asks everyone now.
     *
     * @param message the question
     * @param answered who need not be asked again
     * @return by which the asking ends
     */
    Question put(Message message, Predicate<NodeId> answered) {
        Question question = new Question(message, answered);
        question.ask();
        return question;
    }

    /** A question under way. */
    final class Question {
        private final Message message;
        private final Predicate<NodeId> answered;
        private int interval = config.resendTicks();
        private Agenda.Alarm again;

        private Question(Message message, Predicate<NodeId> answered) {
            this.message = message;
            this.answered = answered;
            this.again = agenda.after(interval, this::repeat);
        }

        private void ask() {
            for (Endpoint member : electorate.endpoints()) {
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
