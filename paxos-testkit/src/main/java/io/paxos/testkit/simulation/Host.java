package io.paxos.testkit.simulation;

import io.paxos.event.Effect;
import io.paxos.event.Effect.RoleName;
import io.paxos.event.Event;
import io.paxos.event.Self;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.replica.NodeStatus;
import io.paxos.testkit.check.Call;
import io.paxos.testkit.check.DurableState;
import io.paxos.testkit.check.NodeView;
import io.paxos.testkit.check.OneAnswer;
import io.paxos.testkit.check.Violation;
import io.paxos.testkit.coverage.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One start of one node: feeds its machine with events and carries out what the machine wants. */
final class Host implements NodeView {

    /** So many ticks after its deadline a call may be answered at the latest. */
    private static final int GRACE_TICKS = 3;

    private final World world;
    private final int index;
    private final int epoch;
    private final Self self;
    private final DurableState store;
    private final Program.Machine machine;
    private final Disk disk;
    private final Archive archive;
    private final RandomGenerator random;
    private final SortedMap<GroupId, Applier> appliers = new TreeMap<>();
    private final SortedMap<GroupId, RoleName> roles = new TreeMap<>();
    private final SortedMap<Long, Call> unanswered = new TreeMap<>();
    private final List<GroupId> open = new ArrayList<>();
    private long ticks;

    Host(
            World world,
            int index,
            int epoch,
            Self self,
            DurableState store,
            Program.Machine machine,
            RandomGenerator random) {
        this.world = world;
        this.index = index;
        this.epoch = epoch;
        this.self = self;
        this.store = store;
        this.machine = machine;
        this.random = random;
        this.disk = new Disk(world, this, random);
        this.archive = new Archive(world, this, random);
    }

    void start() {
        perform(machine.start(), null);
    }

    void open(GroupId group) {
        if (open.contains(group)) {
            return;
        }
        appliers.put(group, new Applier(world, this, group, archive, random));
        open.add(group);
        step(new Event.OpenGroup(group));
    }

    void tick(LogTime now) {
        ticks++;
        step(new Event.Tick(now));
        if (ticks % GRACE_TICKS == 0) {
            for (Call call : unanswered.values()) {
                if (ticks > call.deadlineTick() + 2 * GRACE_TICKS) {
                    throw new Violation(
                            OneAnswer.PROPERTY,
                            "at tick " + ticks + ", still unanswered: " + call + ", due at tick "
                                    + call.deadlineTick());
                }
            }
        }
    }

    void call(Call call) {
        unanswered.put(call.request().number(), call);
        step(call.event());
    }

    void step(Event event) {
        perform(machine.step(event), event);
    }

    private void perform(List<Effect> effects, @Nullable Event cause) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send send) {
                world.send(this, send.envelope());
            } else if (effect instanceof Effect.Persist persist) {
                disk.persist(persist);
            } else if (effect instanceof Effect.Apply apply) {
                world.judge().applying(this, apply);
                world.trace().add(world.now(), Trace.Kind.APPLY, name(), apply);
                applier(apply.group()).add(apply);
            } else if (effect instanceof Effect.Respond respond) {
                world.trace().add(world.now(), Trace.Kind.ANSWER, name(), respond);
                Call call = world.judge().answered(this, respond);
                unanswered.remove(call.request().number());
                world.answered(call);
            } else if (!isAboutSnapshots(effect, cause)) {
                said(effect);
            }
        }
    }

    private boolean isAboutSnapshots(Effect effect, @Nullable Event cause) {
        if (effect instanceof Effect.Install install) {
            world.trace().add(world.now(), Trace.Kind.APPLY, name(), install);
            world.judge().installing(this, install);
            applier(install.group()).install();
        } else if (effect instanceof Effect.ReadChunk read) {
            archive.read(read);
        } else if (effect instanceof Effect.StoreChunk store) {
            if (!(cause instanceof Event.Received received)) {
                throw new Violation("what is stored of a snapshot has just been received", name() + " " + store);
            }
            archive.store(store, received.envelope().from());
        } else if (effect instanceof Effect.AbandonSnapshot abandon) {
            archive.abandon(abandon.group());
        } else {
            return false;
        }
        return true;
    }

    private Applier applier(GroupId group) {
        Applier applier = appliers.get(group);
        if (applier == null) {
            throw new Violation("nothing is applied of a log that is not open", name() + " " + group);
        }
        return applier;
    }

    private void said(Effect effect) {
        world.trace().add(world.now(), Trace.Kind.SAYS, name(), effect);
        if (effect instanceof Effect.RoleChanged changed) {
            RoleName before = roles.put(changed.group(), changed.role());
            if (changed.role() == RoleName.LEADER && before != RoleName.LEADER) {
                world.coverage().count(Mark.LEADER);
            }
        } else if (effect instanceof Effect.DecreeDecided decided) {
            world.judge().decreeDecided(this, decided);
        } else if (effect instanceof Effect.Formed formed) {
            world.judge().formed(this, formed);
            if (formed.stranger() != null) {
                world.coverage().count(Mark.STRANGER);
            }
        } else if (effect instanceof Effect.TurnedStranger turned) {
            world.judge().turnedStranger(this, turned);
            world.coverage().count(Mark.OLD_COPY_TOLD);
        } else if (effect instanceof Effect.Halted halted) {
            if (!isUseless()) {
                throw new Violation("nothing halts without a cause", name() + " " + halted);
            }
        }
    }

    /** Ends this start: what the disk has not written yet is lost, and so is all the rest. */
    void crash() {
        disk.crash();
        archive.crash();
        world.judge().stopped(this);
    }

    int index() {
        return index;
    }

    int epoch() {
        return epoch;
    }

    String name() {
        return self.node().name();
    }

    Disk disk() {
        return disk;
    }

    Archive archive() {
        return archive;
    }

    /** From now on everything in it works as it should. */
    void mend() {
        disk.mend();
        archive.mend();
    }

    /** The logs this node takes part in so far. */
    List<GroupId> openGroups() {
        return open;
    }

    boolean hasUnanswered() {
        return !unanswered.isEmpty();
    }

    /** Whether a write or an execution failed, so that only a restart helps. */
    boolean isUseless() {
        return disk.hasFailed() || appliers.values().stream().anyMatch(Applier::hasFailed);
    }

    NodeStatus status() {
        return machine.status();
    }

    @Override
    public Self self() {
        return self;
    }

    @Override
    public DurableState durable() {
        return store;
    }

    @Override
    public long ticks() {
        return ticks;
    }

    @Override
    public RoleName role(GroupId group) {
        return roles.getOrDefault(group, RoleName.OBSERVER);
    }

    @Override
    public long decided(GroupId group) {
        NodeStatus.Group log = status().groups().get(group);
        return log == null ? 0 : log.decided();
    }
}
