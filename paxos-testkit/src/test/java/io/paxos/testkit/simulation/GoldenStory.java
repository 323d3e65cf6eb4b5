// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.replica.MachineConfig;
import io.paxos.replica.SnapshotPolicy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small scenario as text: settings, prose behind {@code #}, commands behind {@code >}, and behind each command the story
 * of what came of it until the next one. Settings, prose and commands are written by people; the story is told by the run.
 */
final class GoldenStory {

    private static final String COMMAND = "> ";
    private static final String SETTING = "= ";
    private static final Pattern MOMENT = Pattern.compile("> (\\d+) ms");

    private final Map<String, Long> settings = new HashMap<>();
    private final List<String> header = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private final List<Plan.Step> steps = new ArrayList<>();

    private GoldenStory() {}

    static GoldenStory read(String text) {
        GoldenStory story = new GoldenStory();
        text.lines().forEach(story::line);
        return story;
    }

    private void line(String line) {
        if (line.startsWith(SETTING)) {
            String[] setting = line.substring(SETTING.length()).split(": ", 2);
            settings.put(setting[0], Long.parseLong(setting[1]));
            header.addAll(kept);
            header.add(line);
            kept.clear();
        } else if (line.startsWith("#")) {
            kept.add(line);
        } else if (line.startsWith(COMMAND)) {
            kept.add(line);
            command(line);
        }
    }

    /** Something that is done, or just a moment at which there is something to say. */
    private void command(String line) {
        Matcher moment = MOMENT.matcher(line);
        if (moment.matches()) {
            times.add(Long.parseLong(moment.group(1)) * 1_000);
        } else {
            Plan.Step step = Plan.read(line.substring(COMMAND.length())).steps().get(0);
            times.add(step.at());
            steps.add(new Plan.Step(step.at(), steps.size(), step.action()));
        }
    }

    private long setting(String name, long otherwise) {
        return settings.getOrDefault(name, otherwise);
    }

    /** The whole text with the story as it is told now. */
    String told() {
        int nodes = (int) setting("nodes", 3);
        long end = setting("end at ms", 1_000) * 1_000;
        Plan plan = new Plan(setting("seed", 1), end, EnumSet.noneOf(Plan.Ease.class), steps);
        World world = new World(
                new Setup(
                        plan.seed(),
                        0,
                        nodes,
                        100,
                        null,
                        Program.PAXOS,
                        null,
                        null,
                        Ending.CALM,
                        new Tenancy(new Notebook(nodes), end, plan, null)),
                scenario(nodes));
        ProtocolStory story = new ProtocolStory();
        world.trace().listen((time, kind, node, detail) -> {
            if (!world.isCalm()) {
                story.happened(time, kind, node, detail);
            }
        });
        world.run();
        return woven(story.lines());
    }

    private Scenario scenario(int nodes) {
        long every = setting("snapshot every slots", 0);
        MachineConfig config = new MachineConfig(
                5,
                15,
                (int) setting("election jitter ticks", 10),
                20,
                64,
                1 << 20,
                (int) setting("message bytes", 1 << 16),
                1_000,
                1 << 20,
                1 << 16,
                100,
                0,
                every == 0 ? SnapshotPolicy.NEVER : new SnapshotPolicy(every, Long.MAX_VALUE, 0, 0, 0, 1 << 20));
        return new Scenario(
                nodes,
                0,
                1,
                0,
                config,
                new Links(0, 0, 1_000, 0, 0, true),
                new Disks(false, 0, true),
                new Load(1_000_000, 1, 0, 0, 0, 0, 0, 0),
                FaultPlan.NONE);
    }

    /** The kept lines, and behind each command what happened before the next. */
    private String woven(List<ProtocolStory.Line> lines) {
        StringBuilder text = new StringBuilder();
        header.forEach(line -> text.append(line).append('\n'));
        long from = setting("begin at ms", 0) * 1_000;
        int next = 0;
        while (next < lines.size() && lines.get(next).time() < from) {
            next++;
        }
        if (next < lines.size() && lines.get(next).time() < times.get(0)) {
            text.append('\n');
        }
        List<String> pending = new ArrayList<>();
        int command = 0;
        for (String line : kept) {
            boolean isCommand = line.startsWith(COMMAND);
            if (isCommand) {
                long at = times.get(command++);
                next = tell(text, lines, next, at);
            }
            pending.add(line);
            if (isCommand) {
                text.append('\n');
                pending.forEach(p -> text.append(p).append('\n'));
                pending.clear();
            }
        }
        tell(text, lines, next, Long.MAX_VALUE);
        if (!pending.isEmpty()) {
            text.append('\n');
            pending.forEach(p -> text.append(p).append('\n'));
        }
        return text.toString();
    }

    private static int tell(StringBuilder text, List<ProtocolStory.Line> lines, int from, long before) {
        int next = from;
        while (next < lines.size() && lines.get(next).time() < before) {
            text.append(lines.get(next++)).append('\n');
        }
        return next;
    }
}
