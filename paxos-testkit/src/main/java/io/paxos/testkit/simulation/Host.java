// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Effect;
import io.paxos.event.Effect.RoleName;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.replica.NodeStatus;
import io.paxos.testkit.check.Call;
import io.paxos.testkit.check.DurableState;
import io.paxos.testkit.check.NodeView;
import io.paxos.testkit.check.RegisterUpdate;
import io.paxos.testkit.check.Violation;
import io.paxos.testkit.coverage.Mark;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** One start of one node: feeds its machine with events and carries out what the machine wants. */
final class Host implements NodeView {

    private static final Runnable NOTHING = () -> {};

    private final World world;
    private final Station station;
    private final int epoch;
    private final Self self;
    private final DurableState store;
    private final FeatureLevel level;
    private final Program.Machine machine;
    private final Disk disk;
    private final Archive archive;
    private final RandomGenerator random;
    private final SortedMap<GroupId, Applier> appliers = new TreeMap<>();
    private final SortedMap<GroupId, RoleName> roles = new TreeMap<>();
    private final Inbox inbox;
    private final OpenCalls calls;
    private final List<GroupId> open = new ArrayList<>();
    /** Logs that are being closed, and whether they are to be opened again then. */
    private final SortedMap<GroupId, Boolean> closing = new TreeMap<>();

    private final Set<GroupId> closedBefore = new HashSet<>();

    private boolean hadFailure;
    private long ticks;

    /** A start of the node at a station, with the store that is there now. */
    Host(World world, Station station, Self self, Program.Machine machine, RandomGenerator random) {
        this.world = world;
        this.station = station;
        this.epoch = station.epoch();
        this.self = self;
        this.store = station.store();
        this.level = station.level();
        this.machine = machine;
        this.random = random;
        this.disk = new Disk(world, this, random);
        this.archive = new Archive(world, this, random);
        this.inbox = new Inbox(
                world,
                this,
                world.scenario().hosts().gathering(),
                events -> perform(machine.step(events), events),
                random);
        this.calls = new OpenCalls(world, this);
    }

    void start() {
        perform(machine.start(), List.of());
    }

    void open(GroupId group) {
        if (open.contains(group)) {
            return;
        }
        if (closing.containsKey(group)) {
            closing.put(group, true);
            return;
        }
        if (closedBefore.remove(group)) {
            world.coverage().count(Mark.LOG_REOPENED);
        }
        appliers.put(group, new Applier(world, this, group, archive, random));
        open.add(group);
        step(new Event.OpenGroup(group));
    }

    /** Ends this node's part in a log; it can be opened again when nothing of it runs here any more. */
    void close(GroupId group) {
        if (open.remove(group)) {
            closing.put(group, false);
            step(new Event.CloseGroup(group));
        }
    }

    private void closed(GroupId group) {
        Applier applier = applier(group);
        applier.stop(() -> archive.forget(group, () -> {
            hadFailure |= applier.hasFailed();
            appliers.remove(group);
            world.judge().closed(this, group);
            closedBefore.add(group);
            if (Boolean.TRUE.equals(closing.remove(group))) {
                open(group);
            }
        }));
    }

    void tick(LogTime now) {
        // After what came before: who was heard while this node stood still is not to be found silent.
        inbox.leave(new Event.Tick(now, nanos()), () -> ticks++);
        inbox.empty();
        calls.ticked(ticks);
    }

    void call(Call call) {
        calls.open(call);
        step(call.event());
    }

    /** Answers a call from where its command was executed. */
    void tell(RequestId caller, Outcome outcome) {
        calls.tell(caller, outcome);
    }

    void receive(Envelope envelope, Runnable noted) {
        inbox.give(new Event.Received(envelope), noted);
    }

    void step(Event event) {
        inbox.give(event, NOTHING);
    }

    /** Lets the machine know of something for which nobody waits, with whatever comes next. */
    void leave(Event event) {
        inbox.leave(event, NOTHING);
    }

    /** The last step, whatever else waits to be taken in. */
    void close() {
        List<Event> close = List.of(new Event.Close());
        perform(machine.step(close), close);
    }

    private void perform(List<Effect> effects, List<Event> causes) {
        boolean posted = false;
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send) {
                if (!posted) {
                    // What a step sends leaves together, as on a real node.
                    posted = true;
                    world.post().send(this, sent(effects));
                }
            } else if (effect instanceof Effect.Persist persist) {
                disk.persist(persist);
            } else if (effect instanceof Effect.Apply apply) {
                world.judge().applying(this, apply);
                world.trace().add(world.now(), Trace.Kind.APPLY, name(), apply);
                applier(apply.group()).add(apply);
            } else if (effect instanceof Effect.Respond respond) {
                calls.respond(respond);
            } else if (effect instanceof Effect.Compute compute) {
                compute(compute);
            } else if (!isAboutSnapshots(effect, causes)) {
                said(effect);
            }
        }
    }

    private static List<Envelope> sent(List<Effect> effects) {
        List<Envelope> all = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send send) {
                all.add(send.envelope());
            }
        }
        return all;
    }

    /** A caller takes as long for it as executing a command takes. */
    private void compute(Effect.Compute compute) {
        long delay = Draw.exponential(random, world.meanApply(index()));
        RequestId request = compute.request();
        world.timeline()
                .after(
                        delay,
                        this,
                        () -> step(new Event.Computed(
                                request, compute.name(), RegisterUpdate.of(request, compute.found()))));
    }

    private boolean isAboutSnapshots(Effect effect, List<Event> causes) {
        if (effect instanceof Effect.Install install) {
            world.trace().add(world.now(), Trace.Kind.APPLY, name(), install);
            world.judge().installing(this, install);
            applier(install.group()).install();
        } else if (effect instanceof Effect.ReadChunk read) {
            archive.read(read);
        } else if (effect instanceof Effect.StoreChunk store) {
            archive.store(store, senderOf(store, causes));
        } else if (effect instanceof Effect.AbandonSnapshot abandon) {
            archive.abandon(abandon.group());
        } else {
            return false;
        }
        return true;
    }

    private Endpoint senderOf(Effect.StoreChunk store, List<Event> causes) {
        GroupMessage message = new GroupMessage(store.group(), store.chunk());
        for (Event cause : causes) {
            if (cause instanceof Event.Received received
                    && received.envelope().message().equals(message)) {
                return received.envelope().from();
            }
        }
        throw new Violation("what is stored of a snapshot has just been received", name() + " " + store);
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
            } else if (changed.role() != RoleName.LEADER && before == RoleName.LEADER) {
                world.coverage().count(Mark.OFFICE_LOST);
            }
        } else if (effect instanceof Effect.GroupClosed closed) {
            closed(closed.group());
        } else if (effect instanceof Effect.LeadershipChanged changed) {
            world.judge().leadershipChanged(this, changed);
            if (changed.token() != null) {
                world.coverage().count(Mark.LEADERSHIP);
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
        } else if (effect instanceof Effect.Diverged diverged) {
            throw new Violation("replicas of one state machine come to one state", name() + " " + diverged);
        } else if (effect instanceof Effect.LevelRaised) {
            world.coverage().count(Mark.LEVEL_RAISED);
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
        return station.index();
    }

    /** Whether there is no room on the disk now. */
    boolean isFull() {
        return station.isFull();
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
        return !calls.isEmpty();
    }

    /** Whether a write or an execution failed, so that only a restart helps. */
    boolean isUseless() {
        return disk.hasFailed() || hadFailure || appliers.values().stream().anyMatch(Applier::hasFailed);
    }

    NodeStatus status() {
        return machine.status();
    }

    @Override
    public Self self() {
        return self;
    }

    @Override
    public FeatureLevel supports() {
        return level;
    }

    @Override
    public DurableState durable() {
        return store;
    }

    @Override
    public long nanos() {
        return station.nanos(world.now());
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
