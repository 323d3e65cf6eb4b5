// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import io.paxos.spi.StateMachine;
import io.paxos.testkit.check.Violation;
import io.paxos.testkit.simulation.Ending;
import io.paxos.testkit.simulation.Plan;
import io.paxos.testkit.simulation.Program;
import io.paxos.testkit.simulation.Setup;
import io.paxos.testkit.simulation.Tenancy;
import io.paxos.testkit.simulation.World;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs a service: each time in a world of its own. */
final class Runs<M extends StateMachine<C, R>, C, R> {

    private final Service<M, C, R> service;
    private final boolean takesSnapshots;

    Runs(Service<M, C, R> service) {
        this.service = service;
        this.takesSnapshots = service.takesSnapshots();
    }

    /** What a seed draws. */
    Run draw(long seed) {
        return run(seed, null, null);
    }

    /** What a plan says. */
    Run play(Plan plan, @Nullable Consumer<String> story) {
        return run(plan.seed(), plan, story);
    }

    private Run run(long seed, @Nullable Plan given, @Nullable Consumer<String> story) {
        Premises<M, C, R> premises = new Premises<>(service, takesSnapshots);
        Tenancy tenancy = new Tenancy(premises, service.micros(), given, story);
        World world = new World(new Setup(seed, 0, 7, 1, null, Program.PAXOS, null, null, Ending.CALM, tenancy));
        Run.Failure failure = null;
        try {
            world.run();
            premises.ended();
        } catch (Violation e) {
            failure = new Run.Failure(e.property(), withoutProperty(e), world.nowMicros(), e);
        } catch (RuntimeException e) {
            failure = new Run.Failure(e.getClass().getSimpleName(), "a machine threw " + e, world.nowMicros(), e);
        }
        Plan plan = world.plan();
        if (plan == null) {
            throw new IllegalStateException("a world with a tenant keeps a record");
        }
        return new Run(
                failure,
                plan,
                premises.logbook().all().size(),
                premises.logbook().applied(),
                premises.witness().executions(),
                world.met());
    }

    private static String withoutProperty(Violation violation) {
        String message = String.valueOf(violation.getMessage());
        String prefix = violation.property() + ": ";
        return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    }
}
