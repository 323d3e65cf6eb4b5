// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.model.Payload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everything that was done to a cluster from outside in one run: what faults and clients did, when. Carried out again it
 * needs no draw, and parts of it can be left out; what else there is, such as the time a message takes, follows from the
 * seed. It can be printed, and what was printed be read again.
 *
 * @param seed the seed
 * @param end when the faults stop and the calm begins, in microseconds of virtual time
 * @param eases what is made easier than the seed drew it
 * @param steps what is done, in order
 */
public record Plan(long seed, long end, Set<Ease> eases, List<Step> steps) {

    private static final Pattern SEED = Pattern.compile("seed (-?\\d+)");
    private static final Pattern END = Pattern.compile("calm from (\\d+(?:\\.\\d{1,3})?) ms");
    private static final Pattern STEP = Pattern.compile("(\\d+(?:\\.\\d{1,3})?) ms  *(.*)");

    /** Something about the world that the seed makes hard, and that need not be. */
    public enum Ease {
        /** Messages are neither lost nor doubled, and none takes very long. */
        NETWORK,
        /** Stores are fast, and so is execution. */
        DISKS;

        private String words() {
            return "easy " + name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One thing at one moment.
     *
     * @param at when, in microseconds of virtual time
     * @param cause one strike of a fault, which may take several steps, or one call: they are left out together
     * @param action what
     */
    record Step(long at, int cause, Action action) {}

    /** Copies what it is given. */
    public Plan {
        eases = Set.copyOf(eases);
        steps = List.copyOf(steps);
    }

    /**
     * What can be left out on its own: strikes of faults, and calls.
     *
     * @return a number for each, in the order of their first steps
     */
    public List<Integer> causes() {
        return steps.stream().map(Step::cause).distinct().toList();
    }

    /**
     * How many calls clients make.
     *
     * @return the number
     */
    public int calls() {
        return (int)
                steps.stream().filter(step -> step.action instanceof Action.Ask).count();
    }

    /**
     * How often a fault strikes.
     *
     * @return the number
     */
    public int strikes() {
        return causes().size() - calls();
    }

    /**
     * The same, with only some of its causes.
     *
     * @param kept which
     * @return the shorter plan
     */
    public Plan only(Collection<Integer> kept) {
        Set<Integer> some = new HashSet<>(kept);
        return new Plan(
                seed,
                end,
                eases,
                steps.stream().filter(step -> some.contains(step.cause)).toList());
    }

    /**
     * The same without one step of one cause, such as a start behind a crash.
     *
     * @param index which step
     * @return the shorter plan
     */
    public Plan withoutStep(int index) {
        List<Step> rest = new ArrayList<>(steps);
        rest.remove(index);
        return new Plan(seed, end, eases, rest);
    }

    /**
     * The same in a world in which something is easier.
     *
     * @param ease what
     * @return the easier plan
     */
    public Plan with(Ease ease) {
        Set<Ease> more = EnumSet.of(ease);
        more.addAll(eases);
        return new Plan(seed, end, more, steps);
    }

    /**
     * The same with an earlier end.
     *
     * @param micros when the calm begins; steps behind that are left out
     * @return the shorter plan
     */
    public Plan endingAt(long micros) {
        return new Plan(
                seed,
                micros,
                eases,
                steps.stream().filter(step -> step.at <= micros).toList());
    }

    /**
     * Reads what {@link #text} printed.
     *
     * @param text one line for each step; empty lines and what follows a {@code #} are passed over
     * @return the plan
     * @throws IllegalArgumentException naming the line that cannot be read
     */
    public static Plan read(String text) {
        long seed = 0;
        long end = 0;
        Set<Ease> eases = EnumSet.noneOf(Ease.class);
        List<Step> steps = new ArrayList<>();
        for (String raw : text.lines().toList()) {
            String line = Wording.withoutComment(raw);
            Matcher isSeed = SEED.matcher(line);
            Matcher isEnd = END.matcher(line);
            Matcher isStep = STEP.matcher(line);
            if (isSeed.matches()) {
                seed = Long.parseLong(isSeed.group(1));
            } else if (isEnd.matches()) {
                end = Wording.micros(isEnd.group(1));
            } else if (isStep.matches()) {
                steps.add(new Step(Wording.micros(isStep.group(1)), steps.size(), Wording.read(isStep.group(2))));
            } else if (!line.isEmpty()) {
                eases.add(ease(line));
            }
        }
        steps.sort(Comparator.comparingLong(Step::at));
        return new Plan(seed, Math.max(end, steps.isEmpty() ? 0 : steps.get(steps.size() - 1).at), eases, steps);
    }

    private static Ease ease(String line) {
        for (Ease ease : Ease.values()) {
            if (line.equals(ease.words())) {
                return ease;
            }
        }
        throw new IllegalArgumentException(
                "no line of a plan reads \"" + line + "\"; take the lines of a plan as a failure printed them");
    }

    /**
     * The plan in words that can be read again.
     *
     * @param comment says what the bytes of a command mean
     * @return lines, each ended
     */
    public String text(Function<Payload, String> comment) {
        StringBuilder text = new StringBuilder();
        text.append("seed ").append(seed).append('\n');
        new TreeSet<>(eases).forEach(ease -> text.append(ease.words()).append('\n'));
        for (Step step : steps) {
            text.append(String.format(Locale.ROOT, "%12s  %s", Wording.millis(step.at), step.action));
            if (step.action instanceof Action.Ask ask) {
                text.append("  # ").append(comment.apply(ask.command()).replace('\n', ' '));
            }
            text.append('\n');
        }
        return text.append("calm from ")
                .append(Wording.millis(end))
                .append('\n')
                .toString();
    }
}
