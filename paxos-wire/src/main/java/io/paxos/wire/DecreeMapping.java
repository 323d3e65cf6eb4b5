package io.paxos.wire;

import io.paxos.message.DecreeMessage;
import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.single.SingleMessage;
import io.paxos.wire.proto.Wire;

/** The messages about one decree. */
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
            Wire.DecreeAnswer.Builder body =
                    Wire.DecreeAnswer.newBuilder().setProbe(ModelMapping.toWire(answer.probe()));
            if (answer.accepted() != null) {
                body.setAccepted(toWire(answer.accepted()));
            }
            builder.setAnswer(body);
        } else if (message instanceof DecreeMessage.Learned) {
            builder.setLearned(Wire.DecreeLearned.getDefaultInstance());
        } else {
            throw new IllegalArgumentException("no wire form for the message " + message);
        }
        return builder.build();
    }

    private static void write(SingleMessage message, Wire.DecreeMessage.Builder builder) {
        if (message instanceof SingleMessage.Prepare prepare) {
            builder.setPrepare(Wire.DecreePrepare.newBuilder().setBallot(ModelMapping.toWire(prepare.ballot())));
        } else if (message instanceof SingleMessage.Promise promise) {
            Wire.DecreePromise.Builder body =
                    Wire.DecreePromise.newBuilder().setBallot(ModelMapping.toWire(promise.ballot()));
            if (promise.accepted() != null) {
                body.setAccepted(toWire(promise.accepted()));
            }
            builder.setPromise(body);
        } else if (message instanceof SingleMessage.Accept accept) {
            builder.setAccept(Wire.DecreeAccept.newBuilder()
                    .setBallot(ModelMapping.toWire(accept.ballot()))
                    .setValue(ModelMapping.toWire(accept.value())));
        } else if (message instanceof SingleMessage.Accepted accepted) {
            builder.setAccepted(Wire.DecreeAccepted.newBuilder().setBallot(ModelMapping.toWire(accepted.ballot())));
        } else if (message instanceof SingleMessage.Nack nack) {
            builder.setNack(Wire.DecreeNack.newBuilder()
                    .setBallot(ModelMapping.toWire(nack.ballot()))
                    .setPromised(ModelMapping.toWire(nack.promised())));
        } else if (message instanceof SingleMessage.Decide decide) {
            builder.setDecide(Wire.DecreeDecide.newBuilder().setValue(ModelMapping.toWire(decide.value())));
        } else {
            throw new IllegalArgumentException("no wire form for the message " + message);
        }
    }

    static DecreeMessage fromWire(Wire.DecreeMessage message) {
        DecreeName name = new DecreeName(message.getName());
        return switch (message.getBodyCase()) {
            case PREPARE ->
                step(
                        name,
                        new SingleMessage.Prepare(
                                ModelMapping.fromWire(message.getPrepare().getBallot())));
            case PROMISE -> {
                Wire.DecreePromise promise = message.getPromise();
                yield step(
                        name,
                        new SingleMessage.Promise(
                                ModelMapping.fromWire(promise.getBallot()),
                                promise.hasAccepted() ? fromWire(promise.getAccepted()) : null));
            }
            case ACCEPT -> {
                Wire.DecreeAccept accept = message.getAccept();
                yield step(
                        name,
                        new SingleMessage.Accept(
                                ModelMapping.fromWire(accept.getBallot()), ModelMapping.fromWire(accept.getValue())));
            }
            case ACCEPTED ->
                step(
                        name,
                        new SingleMessage.Accepted(
                                ModelMapping.fromWire(message.getAccepted().getBallot())));
            case NACK -> {
                Wire.DecreeNack nack = message.getNack();
                yield step(
                        name,
                        new SingleMessage.Nack(
                                ModelMapping.fromWire(nack.getBallot()), ModelMapping.fromWire(nack.getPromised())));
            }
            case DECIDE ->
                step(
                        name,
                        new SingleMessage.Decide(
                                ModelMapping.fromWire(message.getDecide().getValue())));
            case QUERY -> {
                Wire.DecreeQuery query = message.getQuery();
                ModelMapping.require(query.hasProbe(), "probe");
                yield new DecreeMessage.Query(name, ModelMapping.fromWire(query.getProbe()));
            }
            case ANSWER -> {
                Wire.DecreeAnswer answer = message.getAnswer();
                ModelMapping.require(answer.hasProbe(), "probe");
                yield new DecreeMessage.Answer(
                        name,
                        ModelMapping.fromWire(answer.getProbe()),
                        answer.hasAccepted() ? fromWire(answer.getAccepted()) : null);
            }
            case LEARNED -> new DecreeMessage.Learned(name);
            case BODY_NOT_SET ->
                throw new WireFormatException("a decree message of a kind that this version does not know");
        };
    }

    private static DecreeMessage.Step step(DecreeName name, SingleMessage body) {
        return new DecreeMessage.Step(name, body);
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
