// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Outcome;
import io.paxos.model.Payload;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.check.Check;
import io.paxos.testkit.check.NodeView;
import io.paxos.testkit.faults.FaultKind;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's own service on the simulated nodes, for one run: its state machine, those who use it, and what must hold of
 * it. Called by the thread of the run only.
 */
public interface Tenant {

    /**
     * How many nodes it has; all of them vote.
     *
     * @return 1 to 7
     */
    int nodes();

    /**
     * How many clients use it, each of which asks for one thing at a time.
     *
     * @return at least 1
     */
    int clients();

    /**
     * What may go wrong.
     *
     * @return the kinds of faults of which each run draws some
     */
    Set<FaultKind> faults();

    /**
     * Whether its state machine can be captured.
     *
     * @return false if there are no snapshots
     */
    boolean takesSnapshots();

    /**
     * The state machine of one start of a node.
     *
     * @param node the start
     * @return a new one
     */
    StateMachine<Payload, Payload> machine(NodeView node);

    /**
     * What must hold of it, besides all that must hold anyway.
     *
     * @return checks for this run
     */
    List<Check> checks();

    /**
     * What a client asks for next.
     *
     * @param client its number, from 1
     * @param random the only randomness to use
     * @return a command, or null if it wants nothing for now
     */
    @Nullable
    Payload next(int client, RandomGenerator random);

    /**
     * A client asks a node for something.
     *
     * @param call the number of the call
     * @param client its number, from 1
     * @param node the node
     * @param command the command
     * @param micros when
     */
    void asked(long call, int client, String node, Payload command, long micros);

    /**
     * A client hears an answer, or that its node has crashed, which is an {@link Outcome.Unknown}.
     *
     * @param call the number of the call
     * @param outcome the answer
     * @param micros when
     */
    void answered(long call, Outcome outcome, long micros);

    /**
     * What a command means.
     *
     * @param command its bytes
     * @return in words, on one line
     */
    String words(Payload command);

    /**
     * What a result means.
     *
     * @param result its bytes
     * @return in words, on one line
     */
    String resultWords(Payload result);
}
