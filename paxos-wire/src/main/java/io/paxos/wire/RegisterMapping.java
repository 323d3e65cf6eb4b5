// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.RegisterMessage;
import io.paxos.model.RegisterName;
import io.paxos.single.SingleMessage;
import io.paxos.wire.proto.Wire;

/** The messages about one register. Their bodies look like those about a decree. */
final class RegisterMapping {

    private RegisterMapping() {}

    static Wire.RegisterMessage toWire(RegisterMessage message) {
        Wire.RegisterMessage.Builder builder =
                Wire.RegisterMessage.newBuilder().setName(message.name().name());
        if (message instanceof RegisterMessage.Step step) {
            write(step.body(), builder);
        } else if (message instanceof RegisterMessage.Query query) {
            builder.setQuery(Wire.DecreeQuery.newBuilder().setProbe(ModelMapping.toWire(query.probe())));
        } else if (message instanceof RegisterMessage.Answer answer) {
            builder.setAnswer(DecreeMapping.answer(answer.probe(), answer.accepted()));
        } else {
            throw new IllegalArgumentException("no wire form for the message " + message);
        }
        return builder.build();
    }

    private static void write(SingleMessage message, Wire.RegisterMessage.Builder builder) {
        if (message instanceof SingleMessage.Prepare prepare) {
            builder.setPrepare(DecreeMapping.toWire(prepare));
        } else if (message instanceof SingleMessage.Promise promise) {
            builder.setPromise(DecreeMapping.toWire(promise));
        } else if (message instanceof SingleMessage.Accept accept) {
            builder.setAccept(DecreeMapping.toWire(accept));
        } else if (message instanceof SingleMessage.Accepted accepted) {
            builder.setAccepted(DecreeMapping.toWire(accepted));
        } else if (message instanceof SingleMessage.Nack nack) {
            builder.setNack(DecreeMapping.toWire(nack));
        } else {
            throw new IllegalArgumentException("no wire form for the message " + message);
        }
    }

    static RegisterMessage fromWire(Wire.RegisterMessage message) {
        RegisterName name = new RegisterName(message.getName());
        return switch (message.getBodyCase()) {
            case PREPARE -> new RegisterMessage.Step(name, DecreeMapping.fromWire(message.getPrepare()));
            case PROMISE -> new RegisterMessage.Step(name, DecreeMapping.fromWire(message.getPromise()));
            case ACCEPT -> new RegisterMessage.Step(name, DecreeMapping.fromWire(message.getAccept()));
            case ACCEPTED -> new RegisterMessage.Step(name, DecreeMapping.fromWire(message.getAccepted()));
            case NACK -> new RegisterMessage.Step(name, DecreeMapping.fromWire(message.getNack()));
            case QUERY -> new RegisterMessage.Query(name, DecreeMapping.probe(message.getQuery()));
            case ANSWER ->
                new RegisterMessage.Answer(
                        name, DecreeMapping.probe(message.getAnswer()), DecreeMapping.accepted(message.getAnswer()));
            case BODY_NOT_SET ->
                throw new WireFormatException("a register message of a kind that this version does not know");
        };
    }
}
