// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.fuzz;

import io.paxos.event.Self;
import io.paxos.model.ClusterName;
import io.paxos.model.CommandId;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.StartId;
import io.paxos.model.Value;
import io.paxos.replica.AppliedState;
import io.paxos.replica.CapturedState;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/**
 * Fuzzes the reader of what a snapshot holds before the user's state: where it was taken, and the table of sessions. What
 * is taken for a snapshot must be one that can be gone on with, and written as equal bytes wherever it is read.
 */
public final class SessionsFuzz {

    static final GroupId GROUP = GroupId.of("log");
    static final Self SELF = new Self(
            new ClusterName("orders"),
            new Endpoint(NodeId.of("n1"), new Incarnation(1)),
            StartId.of(1, 1).bits());

    private static final Allowance ALLOWANCE = new Allowance(1 << 20, 256);

    private SessionsFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        ALLOWANCE.hold(input.length, () -> run(input));
    }

    private static void run(byte[] input) throws IOException {
        AppliedState state = state();
        try {
            state.restore(new ByteArrayInputStream(input)).forEach(completion -> {
                if (completion.slot() < 0) {
                    throw new AssertionError("a command was executed at slot " + completion.slot());
                }
            });
        } catch (IOException e) {
            return;
        }
        if (state.applied() == 0 || state.applied() == Long.MAX_VALUE) {
            return;
        }
        byte[] written = written(state);
        AppliedState again = state();
        again.restore(new ByteArrayInputStream(written));
        if (!Arrays.equals(written(again), written)) {
            throw new AssertionError("read and written, the snapshot is another one");
        }
        for (long session = 1; session < 4; session++) {
            state.apply(
                    state.applied() + 1,
                    List.of(
                            new Value.OpenSession(NodeId.of("n2"), session, new LogTime(session)),
                            new Value.Command(
                                    new CommandId(session, 2), 1, new LogTime(session), Payload.utf8("go on"))));
        }
    }

    static AppliedState state() {
        return new AppliedState(SELF, GROUP, new Remembering(), SnapshotPolicy.NEVER);
    }

    static byte[] written(AppliedState state) throws IOException {
        CapturedState captured = state.capture();
        state.snapshotEnded();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (captured != null) {
            captured.writeTo(out);
        }
        return out.toByteArray();
    }

    /** The user's state is the bytes it was restored from. */
    private static final class Remembering implements StateMachine<Payload, Payload> {
        private byte[] bytes = new byte[0];

        @Override
        public Payload apply(ApplyContext context, Payload command) {
            return command;
        }

        @Override
        public Capture capture() {
            byte[] now = bytes;
            return out -> out.write(now);
        }

        @Override
        public void restore(InputStream snapshot) throws IOException {
            bytes = snapshot.readAllBytes();
        }
    }
}
