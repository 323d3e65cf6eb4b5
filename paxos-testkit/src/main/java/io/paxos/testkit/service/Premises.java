// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import io.paxos.event.Outcome;
import io.paxos.model.Payload;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.check.Check;
import io.paxos.testkit.check.NodeView;
import io.paxos.testkit.check.Violation;
import io.paxos.testkit.faults.FaultKind;
import io.paxos.testkit.simulation.Tenant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The user's service in one run. */
final class Premises<M extends StateMachine<C, R>, C, R> implements Tenant {

    private static final String CODEC = "a codec gives back what it was given";
    private static final String WORKLOAD = "a workload does not throw";

    private final Service<M, C, R> service;
    private final boolean takesSnapshots;
    private final Map<NodeView, Replica<M, C, R>> replicas = new LinkedHashMap<>();
    private final Logbook<C, R> logbook;
    private final Witness<M, C, R> witness;

    Premises(Service<M, C, R> service, boolean takesSnapshots) {
        this.service = service;
        this.takesSnapshots = takesSnapshots;
        this.logbook = new Logbook<>(service.results());
        this.witness = new Witness<>(service, replicas);
    }

    @Override
    public int nodes() {
        return service.nodes();
    }

    @Override
    public int clients() {
        return service.clients();
    }

    @Override
    public Set<FaultKind> faults() {
        return service.faults().kinds();
    }

    @Override
    public boolean takesSnapshots() {
        return takesSnapshots;
    }

    @Override
    public StateMachine<Payload, Payload> machine(NodeView node) {
        Replica<M, C, R> replica = new Replica<>(node.self().node().name(), service, takesSnapshots);
        replicas.put(node, replica);
        return replica;
    }

    @Override
    public List<Check> checks() {
        return List.of(witness);
    }

    @Override
    public @Nullable Payload next(int client, RandomGenerator random) {
        C command;
        try {
            command = service.workload().next(random, logbook.client(client));
        } catch (RuntimeException e) {
            Violation violation = new Violation(WORKLOAD, "it threw " + e + " when client " + client + " was to ask");
            violation.initCause(e);
            throw violation;
        }
        if (command == null) {
            return null;
        }
        Payload payload = service.commands().encode(command);
        Payload again = service.commands().encode(service.commands().decode(payload));
        if (!again.equals(payload)) {
            throw new Violation(
                    CODEC,
                    command + " becomes " + payload + ", which is read as "
                            + service.commands().decode(payload) + " and becomes " + again);
        }
        return payload;
    }

    @Override
    public void asked(long call, int client, String node, Payload command, long micros) {
        logbook.asked(call, client, node, service.commands().decode(command), micros);
    }

    @Override
    public void answered(long call, Outcome outcome, long micros) {
        logbook.answered(call, outcome, micros);
        for (Service.Rule<List<Operation<C, R>>> rule : service.rules().ofHistory()) {
            Judgement.require(
                    rule, logbook.all(), () -> "after " + logbook.all().size() + " operations");
        }
    }

    /** The run is over, and everything has come right as far as the cluster is concerned. */
    void ended() {
        List<M> states = replicas.values().stream().map(Replica::machine).toList();
        Ending<M, C, R> ending = new Ending<>(states, logbook.all());
        for (Service.Rule<Ending<M, C, R>> rule : service.rules().ofEnding()) {
            Judgement.require(rule, ending, () -> "at the end");
        }
        service.rules().models().forEach(model -> Judgement.requireLinearizable(model, logbook.history()));
    }

    Logbook<C, R> logbook() {
        return logbook;
    }

    @Override
    public String words(Payload command) {
        return service.words(command);
    }

    @Override
    public String resultWords(Payload result) {
        return service.resultWords(result);
    }

    /** What was executed, by whoever came first. */
    Witness<M, C, R> witness() {
        return witness;
    }
}
