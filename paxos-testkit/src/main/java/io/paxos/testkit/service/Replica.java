// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.check.Violation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The user's state machine on one start of one node: behind its codecs, and watched for what no state machine may do. */
final class Replica<M extends StateMachine<C, R>, C, R> implements StateMachine<Payload, Payload> {

    static final String NO_EXCEPTION = "a state machine does not throw";
    static final String CAPTURE = "a capture shows the state as it was, whatever is executed before it is written";

    private final String node;
    private final M machine;
    private final Codec<C> commands;
    private final Codec<R> results;
    private final boolean takesSnapshots;

    Replica(String node, Service<M, C, R> service, boolean takesSnapshots) {
        this.node = node;
        this.machine = service.machine().get();
        this.commands = service.commands();
        this.results = service.results();
        this.takesSnapshots = takesSnapshots;
    }

    M machine() {
        return machine;
    }

    @Override
    public Payload apply(ApplyContext context, Payload payload) {
        C command = commands.decode(payload);
        try {
            return results.encode(machine.apply(context, command));
        } catch (RuntimeException | StackOverflowError e) {
            throw problem(
                    NO_EXCEPTION,
                    "apply threw " + e + " for " + command + " in slot " + context.slot()
                            + "; what can be expected to fail is a result",
                    e);
        }
    }

    @Override
    public Capture capture() {
        Capture later = machine.capture();
        byte[] now = written(machine.capture());
        return out -> {
            byte[] then = written(later);
            if (!Arrays.equals(now, then)) {
                throw problem(CAPTURE, "what was captured changed before it was written", null);
            }
            out.write(then);
        };
    }

    @Override
    public void restore(InputStream snapshot) throws IOException {
        try {
            machine.restore(snapshot);
        } catch (RuntimeException | StackOverflowError e) {
            throw problem(NO_EXCEPTION, "restore threw " + e, e);
        }
    }

    /** The bytes of a snapshot of the state as it is now; null if it has none. */
    byte @Nullable [] state() {
        return takesSnapshots ? written(machine.capture()) : null;
    }

    private static byte[] written(Capture capture) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            capture.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return out.toByteArray();
    }

    private Violation problem(String property, String what, @Nullable Throwable cause) {
        Violation violation = new Violation(property, node + ": " + what);
        if (cause != null) {
            violation.initCause(cause);
        }
        return violation;
    }
}
