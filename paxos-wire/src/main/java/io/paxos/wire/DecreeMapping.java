// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.DecreeMessage;
import io.paxos.message.Probe;
import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.single.SingleMessage;
import io.paxos.wire.proto.Wire;
import org.jspecify.annotations.Nullable;

/** The messages about one decree, and the bodies that they have in common with those about a register. */
final class DecreeMapping {

    private DecreeMapping() {}

    static Wire.DecreeMessage toWire(DecreeMessage message) {
        Wire.DecreeMessage.Builder builder =
                Wire.DecreeMessage.newBuilder().setName(message.name().name());
        if (message instanceof DecreeMessage.Step step) {
            write(step.body(), builder);
        } else if (message instanceof DecreeMessage.Query query) {
            builder.setQuery(Wire.DecreeQuery.newBuilder().setProbe(ModelMapping.toWire(query.probe())));
        } else if (message instanceof DecreeMessage.Answer answer) {
            builder.setAnswer(answer(answer.probe(), answer.accepted()));
        } else if (message instanceof DecreeMessage.Learned) {
            builder.setLearned(Wire.DecreeLearned.getDefaultInstance());
        } else {
            throw new IllegalArgumentException("no wire form for the message " + message);
        }
        return builder.build();
    }

    static Wire.DecreeAnswer answer(Probe probe, @Nullable Proposal<Payload> accepted) {
        Wire.DecreeAnswer.Builder body = Wire.DecreeAnswer.newBuilder().setProbe(ModelMapping.toWire(probe));
        if (accepted != null) {
            body.setAccepted(toWire(accepted));
        }
        return body.build();
    }

    private static void write(SingleMessage message, Wire.DecreeMessage.Builder builder) {
        if (message instanceof SingleMessage.Prepare prepare) {
            builder.setPrepare(toWire(prepare));
        } else if (message instanceof SingleMessage.Promise promise) {
            builder.setPromise(toWire(promise));
        } else if (message instanceof SingleMessage.Accept accept) {
            builder.setAccept(toWire(accept));
        } else if (message instanceof SingleMessage.Accepted accepted) {
            builder.setAccepted(toWire(accepted));
        } else if (message instanceof SingleMessage.Nack nack) {
            builder.setNack(toWire(nack));
        } else if (message instanceof SingleMessage.Decide decide) {
            builder.setDecide(Wire.DecreeDecide.newBuilder().setValue(ModelMapping.toWire(decide.value())));
        } else {
            throw new IllegalArgumentException("no wire form for the message " + message);
        }
    }

    static Wire.DecreePrepare toWire(SingleMessage.Prepare prepare) {
        return Wire.DecreePrepare.newBuilder()
                .setBallot(ModelMapping.toWire(prepare.ballot()))
                .build();
    }

    static Wire.DecreePromise toWire(SingleMessage.Promise promise) {
        Wire.DecreePromise.Builder body =
                Wire.DecreePromise.newBuilder().setBallot(ModelMapping.toWire(promise.ballot()));
        if (promise.accepted() != null) {
            body.setAccepted(toWire(promise.accepted()));
        }
        return body.build();
    }

    static Wire.DecreeAccept toWire(SingleMessage.Accept accept) {
        return Wire.DecreeAccept.newBuilder()
                .setBallot(ModelMapping.toWire(accept.ballot()))
                .setValue(ModelMapping.toWire(accept.value()))
                .build();
    }

    static Wire.DecreeAccepted toWire(SingleMessage.Accepted accepted) {
        return Wire.DecreeAccepted.newBuilder()
                .setBallot(ModelMapping.toWire(accepted.ballot()))
                .build();
    }

    static Wire.DecreeNack toWire(SingleMessage.Nack nack) {
        return Wire.DecreeNack.newBuilder()
                .setBallot(ModelMapping.toWire(nack.ballot()))
                .setPromised(ModelMapping.toWire(nack.promised()))
                .build();
    }

    static DecreeMessage fromWire(Wire.DecreeMessage message) {
        DecreeName name = new DecreeName(message.getName());
        return switch (message.getBodyCase()) {
            case PREPARE -> new DecreeMessage.Step(name, fromWire(message.getPrepare()));
            case PROMISE -> new DecreeMessage.Step(name, fromWire(message.getPromise()));
            case ACCEPT -> new DecreeMessage.Step(name, fromWire(message.getAccept()));
            case ACCEPTED -> new DecreeMessage.Step(name, fromWire(message.getAccepted()));
            case NACK -> new DecreeMessage.Step(name, fromWire(message.getNack()));
            case DECIDE ->
                new DecreeMessage.Step(
                        name,
                        new SingleMessage.Decide(
                                ModelMapping.fromWire(message.getDecide().getValue())));
            case QUERY -> new DecreeMessage.Query(name, probe(message.getQuery()));
            case ANSWER -> new DecreeMessage.Answer(name, probe(message.getAnswer()), accepted(message.getAnswer()));
            case LEARNED -> new DecreeMessage.Learned(name);
            case BODY_NOT_SET ->
                throw new WireFormatException("a decree message of a kind that this version does not know");
        };
    }

    static SingleMessage.Prepare fromWire(Wire.DecreePrepare prepare) {
        return new SingleMessage.Prepare(ModelMapping.fromWire(prepare.getBallot()));
    }

    static SingleMessage.Promise fromWire(Wire.DecreePromise promise) {
        return new SingleMessage.Promise(
                ModelMapping.fromWire(promise.getBallot()),
                promise.hasAccepted() ? fromWire(promise.getAccepted()) : null);
    }

    static SingleMessage.Accept fromWire(Wire.DecreeAccept accept) {
        return new SingleMessage.Accept(
                ModelMapping.fromWire(accept.getBallot()), ModelMapping.fromWire(accept.getValue()));
    }

    static SingleMessage.Accepted fromWire(Wire.DecreeAccepted accepted) {
        return new SingleMessage.Accepted(ModelMapping.fromWire(accepted.getBallot()));
    }

    static SingleMessage.Nack fromWire(Wire.DecreeNack nack) {
        return new SingleMessage.Nack(
                ModelMapping.fromWire(nack.getBallot()), ModelMapping.fromWire(nack.getPromised()));
    }

    static Probe probe(Wire.DecreeQuery query) {
        ModelMapping.require(query.hasProbe(), "probe");
        return ModelMapping.fromWire(query.getProbe());
    }

    static Probe probe(Wire.DecreeAnswer answer) {
        ModelMapping.require(answer.hasProbe(), "probe");
        return ModelMapping.fromWire(answer.getProbe());
    }

    static @Nullable Proposal<Payload> accepted(Wire.DecreeAnswer answer) {
        return answer.hasAccepted() ? fromWire(answer.getAccepted()) : null;
    }

    static Wire.DecreeProposal toWire(Proposal<Payload> proposal) {
        return Wire.DecreeProposal.newBuilder()
                .setBallot(ModelMapping.toWire(proposal.ballot()))
                .setValue(ModelMapping.toWire(proposal.value()))
                .build();
    }

    static Proposal<Payload> fromWire(Wire.DecreeProposal proposal) {
        return new Proposal<>(ModelMapping.fromWire(proposal.getBallot()), ModelMapping.fromWire(proposal.getValue()));
    }
}
