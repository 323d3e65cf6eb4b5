// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import io.paxos.model.Payload;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.check.CommandMark;
import io.paxos.testkit.check.Execution;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the cause of a failure in the state machine alone: the commands that were executed are given to fresh
 * machines once more, without any cluster.
 */
final class Diagnosis<M extends StateMachine<C, R>, C, R> {

    /** Enough to find it in, and few enough to try a snapshot behind each. */
    private static final int MOST_COMMANDS = 300;

    private final Service<M, C, R> service;
    private final boolean takesSnapshots;
    private final List<Execution> executions;

    Diagnosis(Service<M, C, R> service, List<Execution> executions) {
        this.service = service;
        this.takesSnapshots = service.takesSnapshots();
        this.executions = executions.subList(0, Math.min(MOST_COMMANDS, executions.size()));
    }

    /** What is wrong with the machine itself, in words; or null if nothing was found. */
    @Nullable
    String find() {
        try {
            String found = differenceOfTwo();
            return found == null && takesSnapshots ? differenceOfRestored() : found;
        } catch (RuntimeException | IOException e) {
            return "given the same commands again, without any cluster, a fresh machine threw " + e;
        }
    }

    private @Nullable String differenceOfTwo() {
        Replica<M, C, R> one = fresh("one");
        Replica<M, C, R> other = fresh("the other");
        for (int i = 0; i < executions.size(); i++) {
            String difference = difference(i, one, other);
            if (difference != null) {
                return "two fresh machines that execute the same commands differ" + difference
                        + ". What apply does depends on something besides the command and its context: a clock, "
                        + "randomness, the order of a hash table, or something shared";
            }
        }
        return null;
    }

    private @Nullable String differenceOfRestored() throws IOException {
        for (int snapshot = 1; snapshot <= executions.size(); snapshot++) {
            Replica<M, C, R> one = fresh("one");
            for (int i = 0; i < snapshot; i++) {
                one.apply(executions.get(i).context(), command(i));
            }
            byte[] state = one.state();
            Replica<M, C, R> other = fresh("the other");
            other.restore(new ByteArrayInputStream(state == null ? new byte[0] : state));
            String behind = "a fresh machine restored from a snapshot behind command " + snapshot + " ("
                    + service.words(command(snapshot - 1)) + ") differs from the one that was captured";
            String advice = ". Something that capture and restore should carry is missing";
            if (!Arrays.equals(state, other.state())) {
                return behind + ": captured again, it has other bytes" + advice;
            }
            for (int i = snapshot; i < executions.size(); i++) {
                String difference = difference(i, one, other);
                if (difference != null) {
                    return behind + difference + advice;
                }
            }
        }
        return null;
    }

    /** Lets both execute a command, and says how they differ then; null if they do not. */
    private @Nullable String difference(int at, Replica<M, C, R> one, Replica<M, C, R> other) {
        Payload first = one.apply(executions.get(at).context(), command(at));
        Payload second = other.apply(executions.get(at).context(), command(at));
        String where = " at command " + (at + 1) + " (" + service.words(command(at)) + "): ";
        if (!first.equals(second)) {
            return where + "one answers " + service.resultWords(first) + ", the other " + service.resultWords(second);
        }
        return Arrays.equals(one.state(), other.state()) ? null : where + "afterwards their snapshots differ";
    }

    private Payload command(int at) {
        return CommandMark.command(executions.get(at).command());
    }

    private Replica<M, C, R> fresh(String name) {
        return new Replica<>(name, service, takesSnapshots);
    }
}
