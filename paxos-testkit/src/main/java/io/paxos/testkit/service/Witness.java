// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import io.paxos.model.GroupId;
import io.paxos.model.Payload;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.check.Check;
import io.paxos.testkit.check.CommandMark;
import io.paxos.testkit.check.Execution;
import io.paxos.testkit.check.Facts;
import io.paxos.testkit.check.NodeView;
import io.paxos.testkit.check.Restoration;
import io.paxos.testkit.check.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * Watches every replica execute and restore: after each command and each snapshot the user's invariants must hold, and
 * result and state must be those that the first replica to come there had.
 */
final class Witness<M extends StateMachine<C, R>, C, R> implements Check {

    static final String SAME_RESULT = "the same commands give the same results on every replica";
    static final String SAME_STATE = "the same commands give the same state on every replica";
    static final String SAME_RESTORED = "what is restored from a snapshot is the state that was captured";

    private final Service<M, C, R> service;
    private final Map<NodeView, Replica<M, C, R>> replicas;
    private final Map<NodeView, Long> restoredAt = new HashMap<>();
    private final List<Execution> executions = new ArrayList<>();
    private final TreeMap<Long, First> firsts = new TreeMap<>();

    /** What the first replica that executed a command had afterwards. */
    private record First(String node, Payload result, long size, long checksum) {}

    Witness(Service<M, C, R> service, Map<NodeView, Replica<M, C, R>> replicas) {
        this.service = service;
        this.replicas = replicas;
    }

    /** All that was executed, in order, by whichever replica came first. */
    List<Execution> executions() {
        return executions;
    }

    @Override
    public void executing(Facts facts, NodeView node, GroupId group, Execution execution) {
        Replica<M, C, R> replica = replica(node);
        long slot = execution.context().slot();
        String command = service.words(CommandMark.command(execution.command()));
        First own = first(node, replica, execution.result());
        if (firsts.isEmpty() || slot > firsts.lastKey()) {
            executions.add(execution);
            firsts.put(slot, own);
        }
        invariants(node, replica, () -> "after " + command + " in slot " + slot);
        First first = firsts.get(slot);
        if (first == null) {
            return; // whether a slot may be executed at all is for others to say
        }
        if (!first.result.equals(own.result)) {
            throw new Violation(
                    SAME_RESULT,
                    own.node + " answers " + service.resultWords(own.result) + " to " + command + " in slot " + slot
                            + ", where " + first.node + " answered " + service.resultWords(first.result)
                            + past(node));
        }
        if (!isSameState(first, own)) {
            throw new Violation(
                    SAME_STATE,
                    own.node + " has another state after " + command + " in slot " + slot + " than " + first.node
                            + " had: their snapshots differ" + past(node));
        }
    }

    @Override
    public void restored(Facts facts, NodeView node, GroupId group, Restoration restoration) {
        if (restoration.slot() == restoration.before()) {
            return;
        }
        Replica<M, C, R> replica = replica(node);
        invariants(node, replica, () -> "after restoring a snapshot of slot " + restoration.slot());
        Map.Entry<Long, First> last = firsts.floorEntry(restoration.slot());
        if (last != null && !isSameState(last.getValue(), first(node, replica, Payload.EMPTY))) {
            throw new Violation(
                    SAME_RESTORED,
                    node.self().node() + " restored a snapshot of slot " + restoration.slot()
                            + ", and a snapshot of the restored state has other bytes than one of "
                            + last.getValue().node
                            + " had at that slot");
        }
        restoredAt.put(node, restoration.slot());
    }

    @Override
    public void stopped(Facts facts, NodeView node) {
        replicas.remove(node);
        restoredAt.remove(node);
    }

    private void invariants(NodeView node, Replica<M, C, R> replica, Supplier<String> when) {
        for (Service.Rule<M> rule : service.rules().ofEach()) {
            Judgement.require(rule, replica.machine(), () -> node.self().node() + " " + when.get() + past(node));
        }
        if (!service.rules().ofAll().isEmpty()) {
            List<M> states = replicas.values().stream().map(Replica::machine).toList();
            for (Service.Rule<List<M>> rule : service.rules().ofAll()) {
                Judgement.require(rule, states, () -> node.self().node() + " " + when.get() + past(node));
            }
        }
    }

    /** What in the past of a replica may have to do with it. */
    private String past(NodeView node) {
        Long slot = restoredAt.get(node);
        return slot == null ? "" : " (it restored a snapshot of slot " + slot + " before)";
    }

    private Replica<M, C, R> replica(NodeView node) {
        Replica<M, C, R> replica = replicas.get(node);
        if (replica == null) {
            throw new IllegalStateException(node.self().node() + " executes without a state machine");
        }
        return replica;
    }

    private First first(NodeView node, Replica<M, C, R> replica, Payload result) {
        byte[] state = replica.state();
        CRC32C checksum = new CRC32C();
        if (state != null) {
            checksum.update(state);
        }
        return new First(node.self().node().name(), result, state == null ? 0 : state.length, checksum.getValue());
    }

    private static boolean isSameState(First one, First other) {
        return one.size == other.size && one.checksum == other.checksum;
    }
}
