// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.RequestId;
import io.paxos.model.GroupId;
import io.paxos.replica.MachineConfig;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.testkit.check.Violation;
import io.paxos.testkit.live.Letter;
import io.paxos.testkit.live.News;
import io.paxos.testkit.live.Sight;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A world that is driven from outside, step by step. What is done to it is done at once, with everything before that
 * moment behind it and everything at that moment still to come: so it makes no difference whether somebody does it now or
 * it is repeated later.
 */
public final class Live {

    /** What comes in a plan between quotes, or as digits, and the names of decrees may read as if they named nodes. */
    private static final Pattern FREE_TEXT = Pattern.compile("'[^']*'|0x\\S*|(?<=proposes for )\\S+");

    private static final Pattern NODE = Pattern.compile("\\bn(\\d+)\\b");

    /** Far more than happen in a minute of a run; only clocks that run wild come to it. */
    private static final long MOST_EVENTS = 2_000_000;

    private static final String UNPROVOKED = "no machine throws or halts without a cause";

    private final World world;
    private final Stage stage;
    private final LiveNews news;
    private final LiveMail mail;
    private @Nullable Violation violation;

    /**
     * A world in which nothing has happened yet.
     *
     * @param seed settles all that is drawn
     * @param nodes how many vote
     */
    public Live(long seed, int nodes) {
        this(seed, nodes, Program.PAXOS);
    }

    Live(long seed, int nodes, Program program) {
        this.world = new World(new Setup(seed, 0, 7, 100, null, program, null, null, null, null), scenario(nodes));
        this.stage = new Stage(world, world.cluster(), this::ask, world.callers());
        this.mail = new LiveMail(world);
        this.news = new LiveNews(world);
        world.trace().listen(news);
        world.judge().admit(news);
        world.post().watch(mail);
        world.beginQuietly();
    }

    /** Slow enough to watch, and with a window so small that a change of membership is not far from governing. */
    private static Scenario scenario(int nodes) {
        MachineConfig config = new MachineConfig(
                6, 20, 15, 12, 4, 1 << 20, 64 << 10, 1_000, 1 << 20, 1 << 16, 100, 0, SnapshotPolicy.NEVER, 4);
        return new Scenario(
                nodes,
                0,
                1,
                0,
                config,
                new Links(0, 0, 8_000, 3_000, 0, true),
                new Disks(false, 2_000, true),
                new Load(1_000_000, 1, 0, 0, 0, 0, 0, 0),
                FaultPlan.NONE);
    }

    /**
     * How late it is.
     *
     * @return microseconds of virtual time
     */
    public long micros() {
        return world.now();
    }

    /**
     * Lets the next thing happen, if it comes before a moment.
     *
     * @param micros the moment
     * @return false if nothing was left before it
     */
    public boolean step(long micros) {
        if (violation != null) {
            return false;
        }
        try {
            if (world.timeline().happened() >= MOST_EVENTS) {
                throw new Violation("a run comes to an end", MOST_EVENTS + " events have happened");
            }
            return world.timeline().nextBefore(micros);
        } catch (Violation e) {
            violated(e);
        } catch (RuntimeException e) {
            violated(new Violation(UNPROVOKED, "a machine threw " + e));
        }
        return false;
    }

    /**
     * Does something at the present moment.
     *
     * @param text a line of a plan without its time
     * @return true if it was done
     * @throws IllegalArgumentException if none reads like that, or it names a node that there is not
     */
    public boolean act(String text) {
        Action action = Wording.read(text);
        requireNodes(text);
        if (violation != null) {
            return false;
        }
        String obstacle = action.obstacle(stage);
        if (obstacle != null) {
            news.tell("", News.Kind.DONE, "not done: " + text + ", for " + obstacle);
            return false;
        }
        news.tell("", News.Kind.DONE, text);
        try {
            action.on(stage);
        } catch (Violation e) {
            violated(e);
        }
        return true;
    }

    private void requireNodes(String text) {
        Matcher nodes = NODE.matcher(FREE_TEXT.matcher(text).replaceAll(""));
        int size = world.cluster().size();
        while (nodes.find()) {
            boolean isOne = nodes.group(1).length() == 1 && nodes.group(1).charAt(0) - '0' <= size;
            if (!isOne || nodes.group(1).equals("0")) {
                throw new IllegalArgumentException(
                        "there is no node " + nodes.group() + " in \"" + text + "\"; there are n1 to n" + size);
            }
        }
    }

    private void ask(Action.Ask ask) {
        Host host = world.host(ask.node());
        GroupId group = world.groups().get(0);
        if (host != null && host.openGroups().contains(group)) {
            RequestId request = world.callers().nextRequest();
            world.callers().submit(host, group, request, ask.command(), ask.ticks());
        }
    }

    private void violated(Violation found) {
        violation = found;
        news.tell("", News.Kind.VIOLATION, String.valueOf(found.getMessage()));
    }

    /**
     * How everything stands.
     *
     * @return a view
     */
    public Sight look() {
        LiveLook look = new LiveLook(world);
        return new Sight(
                world.now(),
                look.nodes(),
                look.chosen(),
                look.decrees(),
                look.links(),
                mail.underWay(),
                look.lights(UNPROVOKED, violation),
                violation == null ? null : violation.getMessage());
    }

    /**
     * What has left since the last call.
     *
     * @return in its order
     */
    public List<Letter> takeLetters() {
        return mail.take();
    }

    /**
     * What has happened since the last call.
     *
     * @return in its order
     */
    public List<News> takeNews() {
        return news.take();
    }
}
