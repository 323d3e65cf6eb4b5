// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.single.SingleMessage;
import org.jspecify.annotations.Nullable;

/** What is said about one register. The values in it are encoded {@link io.paxos.model.RegisterState}s. */
public sealed interface RegisterMessage extends Bundle.Part {

    /**
     * The register spoken of.
     *
     * @return its name
     */
    RegisterName name();

    @Override
    default RegisterName subject() {
        return name();
    }

    /**
     * A step of a change, or of finishing one. Nothing is ever decided of a register for good, so no body is a
     * {@link SingleMessage.Decide}.
     *
     * @param name the register
     * @param body the message of single-decree Paxos
     */
    record Step(RegisterName name, SingleMessage body) implements RegisterMessage {

        /**
         * Checks the body.
         *
         * @throws IllegalArgumentException if it is a Decide
         */
        public Step {
            if (body instanceof SingleMessage.Decide) {
                throw new IllegalArgumentException("nothing is decided of register " + name + " for good");
            }
        }

        @Override
        public boolean isBulk() {
            return body instanceof SingleMessage.Accept;
        }

        @Override
        public boolean isOpen() {
            return body instanceof SingleMessage.Prepare || body instanceof SingleMessage.Accept;
        }

        @Override
        public int weight() {
            return 128 + name.name().length() + valueSize();
        }

        private int valueSize() {
            if (body instanceof SingleMessage.Accept accept) {
                return accept.value().size();
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
     * What have you accepted of this register? It promises nothing and changes nothing.
     *
     * @param name the register
     * @param probe marks the round of questions that the answer belongs to
     */
    record Query(RegisterName name, Probe probe) implements RegisterMessage {
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
     * The answer to a {@link Query}. Like a vote, it leaves only when what it reports is durable.
     *
     * @param name the register
     * @param probe the question answered
     * @param accepted what the sender has accepted, or null
     */
    record Answer(RegisterName name, Probe probe, @Nullable Proposal<Payload> accepted) implements RegisterMessage {
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
}
