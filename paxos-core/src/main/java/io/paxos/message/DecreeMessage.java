// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.single.SingleMessage;
import org.jspecify.annotations.Nullable;

/** What is said about one named decree. */
public sealed interface DecreeMessage extends Bundle.Part {

    /**
     * The decree spoken of.
     *
     * @return its name
     */
    DecreeName name();

    @Override
    default DecreeName subject() {
        return name();
    }

    /**
     * A step of the agreement itself.
     *
     * @param name the decree
     * @param body the message of single-decree Paxos
     */
    record Step(DecreeName name, SingleMessage body) implements DecreeMessage {
        @Override
        public boolean isBulk() {
            return body instanceof SingleMessage.Accept || body instanceof SingleMessage.Decide;
        }

        @Override
        public boolean isOpen() {
            return body instanceof SingleMessage.Prepare
                    || body instanceof SingleMessage.Accept
                    || body instanceof SingleMessage.Decide;
        }

        @Override
        public int weight() {
            return 128 + name.name().length() + valueSize();
        }

        private int valueSize() {
            if (body instanceof SingleMessage.Accept accept) {
                return accept.value().size();
            }
            if (body instanceof SingleMessage.Decide decide) {
                return decide.value().size();
            }
            if (body instanceof SingleMessage.Promise promise && promise.accepted() != null) {
                return promise.accepted().value().size();
            }
            return 0;
        }

        @Override
        public String toString() {
            return name + ":" + body;
        }
    }

    /**
     * What do you know of this decree? Asked of a phase-1 quorum by {@code learn} (rule 15). It promises nothing and
     * changes nothing.
     *
     * @param name the decree
     * @param probe marks the round of questions that the answer belongs to
     */
    record Query(DecreeName name, Probe probe) implements DecreeMessage {
        @Override
        public boolean isBulk() {
            return false;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public int weight() {
            return 128 + name.name().length();
        }
    }

    /**
     * The answer to a {@link Query} about a decree that the sender does not know to be decided; if it knew, it would
     * answer with a {@link SingleMessage.Decide}. Like a vote, it leaves only when what it reports is durable.
     *
     * @param name the decree
     * @param probe the question answered
     * @param accepted what the sender has accepted, or null
     */
    record Answer(DecreeName name, Probe probe, @Nullable Proposal<Payload> accepted) implements DecreeMessage {
        @Override
        public boolean isBulk() {
            return false;
        }

        @Override
        public boolean isOpen() {
            return false;
        }

        @Override
        public int weight() {
            return 128
                    + name.name().length()
                    + (accepted == null ? 0 : accepted.value().size());
        }
    }

    /**
     * The sender has learned the decision and need not be told again.
     *
     * @param name the decree
     */
    record Learned(DecreeName name) implements DecreeMessage {
        @Override
        public boolean isBulk() {
            return false;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public int weight() {
            return 96 + name.name().length();
        }
    }
}
