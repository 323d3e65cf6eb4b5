// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.PulseMessage;
import io.paxos.model.GroupId;
import io.paxos.wire.proto.Wire;

/** The messages by which one node keeps its office in the logs that rest. */
final class PulseMapping {

    private PulseMapping() {}

    static Wire.Pulse toWire(PulseMessage.Pulse pulse) {
        Wire.Pulse.Builder builder =
                Wire.Pulse.newBuilder().setStream(pulse.stream()).setFirst(pulse.first());
        for (PulseMessage.Turn turn : pulse.turns()) {
            builder.addTurns(Wire.Turn.newBuilder()
                    .setGroup(toWire(turn.group()))
                    .setBallot(ModelMapping.toWire(turn.ballot()))
                    .setDecided(turn.decided())
                    .setRests(turn.rests()));
        }
        return builder.build();
    }

    static PulseMessage.Pulse fromWire(Wire.Pulse pulse) {
        return new PulseMessage.Pulse(
                pulse.getStream(),
                pulse.getFirst(),
                pulse.getTurnsList().stream()
                        .map(turn -> new PulseMessage.Turn(
                                fromWire(turn.getGroup()),
                                ModelMapping.fromWire(turn.getBallot()),
                                turn.getDecided(),
                                turn.getRests()))
                        .toList());
    }

    static Wire.PulseAnswer toWire(PulseMessage.Answer answer) {
        Wire.PulseAnswer.Builder builder =
                Wire.PulseAnswer.newBuilder().setStream(answer.stream()).setUpTo(answer.upTo());
        answer.awake().forEach(group -> builder.addAwake(toWire(group)));
        return builder.build();
    }

    static PulseMessage.Answer fromWire(Wire.PulseAnswer answer) {
        return new PulseMessage.Answer(
                answer.getStream(),
                answer.getUpTo(),
                answer.getAwakeList().stream().map(PulseMapping::fromWire).toList());
    }

    private static Wire.Group toWire(GroupId group) {
        return Wire.Group.newBuilder()
                .setName(group.name())
                .setGeneration(group.generation())
                .build();
    }

    private static GroupId fromWire(Wire.Group group) {
        return new GroupId(group.getName(), group.getGeneration());
    }
}
