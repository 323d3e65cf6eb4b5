// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.recipes.LockTable.Command;
import io.paxos.examples.recipes.LockTable.Kind;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.Simulation;
import io.paxos.testkit.StateMachineContract;
import io.paxos.testkit.faults.Faults;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LockTableTest extends StateMachineContract<Command, Long> {

    @Override
    protected StateMachine<Command, Long> newStateMachine() {
        return new LockTable();
    }

    /** Tokens are slots, so some of those that are shown are the right ones. */
    @Override
    protected Command command(RandomGenerator random) {
        Kind kind = Kind.values()[random.nextInt(3)];
        long token = kind == Kind.ACQUIRE ? LockTable.NO : 1 + random.nextInt(60);
        return new Command(kind, "lock-" + random.nextInt(3), token, 1 + random.nextInt(20_000));
    }

    /** Clients renew and give back what they got, or try to. */
    @Test
    void noTokenIsGivenTwiceWhateverGoesWrong() {
        var report = Simulation.of(LockTable::new, Command.CODEC, Codec.int64())
                .clients(4)
                .workload((random, client) -> {
                    var last = client.last();
                    long token = last == null || last.result() == null ? LockTable.NO : last.result();
                    String lock = token == LockTable.NO || last == null
                            ? "lock-" + random.nextInt(2)
                            : last.command().lock();
                    Kind kind = token == LockTable.NO ? Kind.ACQUIRE : random.nextBoolean() ? Kind.RENEW : Kind.RELEASE;
                    return new Command(kind, lock, token, 1 + random.nextInt(2_000));
                })
                .invariantOfHistory("no token is given twice", history -> {
                    var tokens = history.stream()
                            .filter(o -> o.command().kind() == Kind.ACQUIRE
                                    && o.result() != null
                                    && o.result() != LockTable.NO)
                            .map(o -> o.result())
                            .toList();
                    return tokens.stream().distinct().count() == tokens.size();
                })
                .faults(Faults.all())
                .seeds(6)
                .run();

        assertThat(report.applied()).isPositive();
    }
}
