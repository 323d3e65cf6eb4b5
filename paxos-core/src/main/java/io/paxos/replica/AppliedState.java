package io.paxos.replica;

import io.paxos.event.Completion;
import io.paxos.event.Self;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.spi.StateMachine;
import java.util.List;

/**
 * What has been executed of one log: the user's state machine and the session table, which change together, slot by
 * slot, so that both always stand at one slot (rule 9). The host calls it on whichever thread executes commands, one
 * call at a time.
 */
public final class AppliedState {

    /**
     * The state before slot 1.
     *
     * @param self this start of this node; completions are reported for the values it put into the log
     * @param machine the user's state machine behind its codec
     */
    public AppliedState(Self self, StateMachine<Payload, Payload> machine) {
        throw new UnsupportedOperationException();
    }

    /**
     * Executes the next slots.
     *
     * @param first the slot of the first value: one above {@link #applied()}
     * @param values the decided values
     * @return what became of the values that this start of this node put into the log
     * @throws ApplyException if the user's {@code apply} threw; the state then stands at the slot before
     */
    public List<Completion> apply(long first, List<Value> values) {
        throw new UnsupportedOperationException();
    }

    /**
     * How far this state has come.
     *
     * @return the last slot executed, 0 if none
     */
    public long applied() {
        throw new UnsupportedOperationException();
    }
}
