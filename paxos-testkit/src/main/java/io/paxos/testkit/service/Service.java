// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import io.paxos.model.Payload;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.faults.Faults;
import io.paxos.testkit.history.Model;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What is to be simulated, the same in every run.
 *
 * @param machine makes the state machine of one replica
 * @param commands turns commands into bytes and back
 * @param results turns results into bytes and back
 * @param nodes how many nodes there are
 * @param clients how many clients there are
 * @param workload what clients ask for
 * @param rules what must hold
 * @param faults what may go wrong
 * @param micros how long the faults last, in microseconds of virtual time
 */
record Service<M extends StateMachine<C, R>, C, R>(
        Supplier<? extends M> machine,
        Codec<C> commands,
        Codec<R> results,
        int nodes,
        int clients,
        Workload<C, R> workload,
        Rules<M, C, R> rules,
        Faults faults,
        long micros) {

    /** Something that must hold, with its name. */
    record Rule<T>(String name, Predicate<? super T> holds) {}

    /**
     * All that must hold.
     *
     * @param ofEach of each replica's state, after everything it executes or restores
     * @param ofAll of the states of all replicas that are up, after everything one of them executes or restores
     * @param ofHistory of all that clients asked for and heard, after each answer
     * @param ofEnding of the end
     * @param models what all that clients asked for and heard must be linearizable by
     */
    record Rules<M, C, R>(
            List<Rule<M>> ofEach,
            List<Rule<List<M>>> ofAll,
            List<Rule<List<Operation<C, R>>>> ofHistory,
            List<Rule<Ending<M, C, R>>> ofEnding,
            List<Model<?, C, R>> models) {
        Rules {
            ofEach = List.copyOf(ofEach);
            ofAll = List.copyOf(ofAll);
            ofHistory = List.copyOf(ofHistory);
            ofEnding = List.copyOf(ofEnding);
            models = List.copyOf(models);
        }
    }

    /** Whether its state machine can be captured. */
    boolean takesSnapshots() {
        try {
            StateMachine.Capture unused = machine.get().capture();
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    String words(Payload command) {
        return String.valueOf(commands.decode(command));
    }

    String resultWords(Payload result) {
        return String.valueOf(results.decode(result));
    }
}
