// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Outcome;
import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.check.Check;
import io.paxos.testkit.check.NodeView;
import io.paxos.testkit.faults.FaultKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The service of the golden stories: every command is a line that is written down; the result is the number of the line. */
final class Notebook implements Tenant {

    /** The lines of one replica. */
    private static final class Lines implements StateMachine<Payload, Payload> {
        private String text = "";

        @Override
        public Payload apply(ApplyContext context, Payload line) {
            text += line.toUtf8() + "\n";
            return Payload.utf8("line " + text.lines().count());
        }

        @Override
        public Capture capture() {
            byte[] now = text.getBytes(StandardCharsets.UTF_8);
            return out -> out.write(now);
        }

        @Override
        public void restore(InputStream snapshot) throws IOException {
            text = new String(snapshot.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private final int nodes;

    Notebook(int nodes) {
        this.nodes = nodes;
    }

    @Override
    public int nodes() {
        return nodes;
    }

    @Override
    public int clients() {
        return 1;
    }

    @Override
    public Set<FaultKind> faults() {
        return Set.of();
    }

    @Override
    public boolean takesSnapshots() {
        return true;
    }

    @Override
    public StateMachine<Payload, Payload> machine(NodeView node) {
        return new Lines();
    }

    @Override
    public List<Check> checks() {
        return List.of();
    }

    @Override
    public @Nullable Payload next(int client, RandomGenerator random) {
        return null;
    }

    @Override
    public void asked(long call, int client, String node, Payload command, long micros) {}

    @Override
    public void answered(long call, Outcome outcome, long micros) {}

    @Override
    public String words(Payload command) {
        return command.toUtf8();
    }

    @Override
    public String resultWords(Payload result) {
        return result.toUtf8();
    }
}
