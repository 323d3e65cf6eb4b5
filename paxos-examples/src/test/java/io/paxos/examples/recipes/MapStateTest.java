// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.examples.recipes.MapState.Command;
import io.paxos.examples.recipes.MapState.Condition;
import io.paxos.model.CommandId;
import io.paxos.model.LogTime;
import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.Simulation;
import io.paxos.testkit.StateMachineContract;
import io.paxos.testkit.faults.Faults;
import io.paxos.testkit.history.Model;
import io.paxos.testkit.history.Step;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class MapStateTest extends StateMachineContract<Command, Optional<Payload>> {

    private static final Codec<Optional<Payload>> RESULTS = Codec.optional(Codec.payload());

    @Override
    protected StateMachine<Command, Optional<Payload>> newStateMachine() {
        return new MapState();
    }

    /** Few keys and values, so that conditions hold often enough. */
    @Override
    protected Command command(RandomGenerator random) {
        return new Command(
                Payload.utf8("k" + random.nextInt(6)),
                random.nextBoolean() ? Condition.ALWAYS : Condition.IF_EXPECTED,
                value(random),
                value(random));
    }

    private static Optional<Payload> value(RandomGenerator random) {
        int drawn = random.nextInt(4);
        return drawn == 0 ? Optional.empty() : Optional.of(Payload.utf8("v".repeat(drawn - 1)));
    }

    /** What one key does, said anew. */
    private static final class OneKey implements Model<Optional<Payload>, Command, Optional<Payload>> {

        @Override
        public Optional<Payload> initial() {
            return Optional.empty();
        }

        @Override
        public Step<Optional<Payload>, Optional<Payload>> apply(Optional<Payload> state, Command command) {
            boolean changes = command.condition() == Condition.ALWAYS
                    || command.expected().equals(state);
            return new Step<>(changes ? command.value() : state, state);
        }

        @Override
        public Object part(Command command) {
            return command.key();
        }
    }

    @Test
    void itIsLinearizableWhateverGoesWrong() {
        var report = Simulation.of(MapState::new, Command.CODEC, RESULTS)
                .clients(4)
                .workload((random, client) -> command(random))
                .linearizable(new OneKey())
                .faults(Faults.all())
                .seeds(6)
                .run();

        assertThat(report.applied()).isPositive();
    }

    @Test
    void keysAreInTheOrderOfTheirBytesUnsigned() {
        MapState state = new MapState();
        byte[][] ordered = {{}, {0}, {0, 0}, {0, 1}, {1}, {127}, {127, -1}, {-128}, {-1}, {-1, 0}};
        List<byte[]> shuffled = new ArrayList<>(Arrays.asList(ordered));
        Collections.rotate(shuffled, 4);
        long slot = 0;
        for (byte[] key : shuffled) {
            slot++;
            put(state, slot, Payload.copyOf(key));
        }
        List<Payload> keys = new ArrayList<>();
        state.entries().forEach(entry -> keys.add(entry.getKey()));

        assertThat(keys)
                .containsExactlyElementsOf(
                        Arrays.stream(ordered).map(Payload::copyOf).toList());
    }

    private static void put(MapState state, long slot, Payload key) {
        assertThat(state.apply(
                        new ApplyContext(slot, new LogTime(0), new CommandId(1, slot)),
                        new Command(key, Condition.ALWAYS, Optional.empty(), Optional.of(key))))
                .isEmpty();
    }

    @Test
    void aSnapshotThatIsCutOffIsRefusedAndChangesNothing() throws IOException {
        MapState state = new MapState();
        put(state, 1, Payload.utf8("key"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        state.capture().writeTo(out);
        byte[] snapshot = out.toByteArray();
        MapState restored = new MapState();
        put(restored, 1, Payload.utf8("other"));
        for (int size = 0; size < snapshot.length; size++) {
            byte[] cut = Arrays.copyOf(snapshot, size);
            assertThatThrownBy(() -> restored.restore(new ByteArrayInputStream(cut)))
                    .isInstanceOf(IOException.class);
        }
        assertThat(restored.get(Payload.utf8("other"))).isPresent();
        restored.restore(new ByteArrayInputStream(snapshot));
        assertThat(restored.get(Payload.utf8("other"))).isEmpty();
        assertThat(restored.get(Payload.utf8("key"))).contains(Payload.utf8("key"));
    }
}
