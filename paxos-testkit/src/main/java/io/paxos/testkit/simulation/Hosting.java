// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.check.Call;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** What a world does for its tenant: lets the clients ask and the faults strike, and keeps a record of both. */
final class Hosting {

    /** So many microseconds the nodes have to form a cluster and elect a leader, for most is seen of a service that runs. */
    private static final long PEACE = 700_000;

    private final World world;
    private final Tenancy tenancy;
    private final Callers callers;
    private final Recorder recorder;
    private final Clients clients;
    private boolean over;

    Hosting(World world, Tenancy tenancy, Callers callers, SplittableRandom random) {
        this.world = world;
        this.tenancy = tenancy;
        this.callers = callers;
        this.recorder = new Recorder(world.cluster());
        this.clients = new Clients(world, tenancy.tenant(), callers, recorder, random);
    }

    /** Draws what happens from the seed, or takes it from the plan. */
    void begin(FaultPlan faults, RandomGenerator random) {
        if (tenancy.story() != null) {
            world.trace().listen(new ServiceStory(tenancy.tenant(), tenancy.story()));
        }
        Plan plan = tenancy.plan();
        if (plan == null) {
            Storm storm = new Storm(recorder, random, recorder::newCause);
            recorder.after(PEACE, () -> storm.begin(faults));
            clients.begin();
        } else {
            new Stage(world, world.cluster(), clients::ask, callers).play(plan);
        }
        world.cluster().after(tenancy.until(), () -> over = true);
    }

    /** Whether the faults stop now. */
    boolean isOver() {
        return over;
    }

    void answered(Call call) {
        clients.answered(call);
    }

    void stopped(Host host) {
        clients.stopped(host);
    }

    /** What has been done so far, as a plan that repeats it. */
    Plan plan(long seed) {
        Plan given = tenancy.plan();
        return given != null ? given : new Plan(seed, tenancy.end(), Set.of(), recorder.steps());
    }

    Tenant tenant() {
        return tenancy.tenant();
    }
}
