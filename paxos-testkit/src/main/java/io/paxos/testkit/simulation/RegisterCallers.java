// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RegisterChange;
import io.paxos.event.RequestId;
import io.paxos.model.Payload;
import io.paxos.model.RegisterName;
import io.paxos.testkit.check.Call;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Those who use registers, in some of the runs, beside the other callers: a few names at a time, for which all nodes
 * fight. They draw from a source of their own, so that in a run without them nothing is drawn otherwise.
 */
final class RegisterCallers {

    /** After so many calls the fight moves on to names that nobody has asked about. */
    private static final int CALLS_PER_FIGHT = 40;

    /** One run in so many. */
    private static final int RUNS = 4;

    private static final int NAMES = 2;

    private final World world;
    private final Callers callers;
    private final Load load;
    private final RandomGenerator random;
    private final boolean takePart;
    private final Map<RegisterName, Payload> lastSeen = new HashMap<>();
    private int calls;

    /**
     * Nobody calls yet.
     *
     * @param takePart whether there are any in this run
     */
    RegisterCallers(World world, Callers callers, Load load, RandomGenerator random, boolean takePart) {
        this.world = world;
        this.callers = callers;
        this.load = load;
        this.random = random;
        this.takePart = takePart;
    }

    /** Whether there are any in the runs of a seed. */
    static boolean takePart(long seed) {
        return new SplittableRandom(~seed).nextInt(RUNS) == 0;
    }

    boolean takePart() {
        return takePart;
    }

    void begin() {
        if (takePart) {
            world.cluster().after(Draw.exponential(random, 200_000), this::callAndGoOn);
        }
    }

    private void callAndGoOn() {
        List<Host> up = world.hostsUp();
        if (!up.isEmpty()) {
            someCall(Draw.of(random, up));
        }
        world.cluster().after(Draw.exponential(random, 2 * load.meanInterval()), this::callAndGoOn);
    }

    private void someCall(Host host) {
        int ticks = Draw.chance(random, load.impatient()) ? Draw.between(random, 1, 3) : Draw.between(random, 20, 250);
        int fight = calls++ / CALLS_PER_FIGHT;
        RegisterName name = new RegisterName("register-" + fight + "-" + random.nextInt(NAMES));
        int die = random.nextInt(20);
        if (die < 7) {
            read(host, name, ticks);
        } else {
            change(host, name, change(name, die), ticks);
        }
    }

    private RegisterChange change(RegisterName name, int die) {
        Payload fresh = Payload.utf8("v" + calls);
        if (die < 10) {
            return new RegisterChange.Assign(die == 7 && random.nextBoolean() ? null : fresh);
        }
        return die < 15 ? new RegisterChange.CompareAndSet(lastSeen.get(name), fresh) : new RegisterChange.Compute();
    }

    Call read(Host host, RegisterName name, int ticks) {
        RequestId request = callers.nextRequest();
        return callers.call(host, request, new Event.ReadRegister(request, name, ticks), ticks);
    }

    Call change(Host host, RegisterName name, RegisterChange change, int ticks) {
        RequestId request = callers.nextRequest();
        return callers.call(host, request, new Event.ChangeRegister(request, name, change, ticks), ticks);
    }

    /** What somebody was told, others expect there. */
    void answered(Call call) {
        RegisterName name = call.register();
        if (name != null && call.outcome() instanceof Outcome.Held held) {
            see(name, held.value());
        } else if (name != null && call.outcome() instanceof Outcome.Changed changed) {
            see(name, changed.value());
        }
    }

    private void see(RegisterName name, @Nullable Payload value) {
        if (value == null) {
            lastSeen.remove(name);
        } else {
            lastSeen.put(name, value);
        }
    }
}
