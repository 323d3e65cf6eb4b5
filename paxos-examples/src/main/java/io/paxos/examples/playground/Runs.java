// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import io.paxos.examples.playground.RunRequest.Step;
import io.paxos.testkit.LiveSimulation;
import io.paxos.testkit.live.Letter;
import io.paxos.testkit.live.News;
import io.paxos.testkit.live.Sight;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plays parts of runs. A few runs are kept as they stand, so that the next part of one need not be played from its
 * beginning; whether one is at hand makes no difference to what is answered. Its threads take turns.
 */
final class Runs {

    static final int NODES = 5;

    private static final int KEPT = 8;

    /** The runs at hand, the one used last in front. */
    private final Deque<Kept> kept = new ArrayDeque<>();

    /** A run, and what has been done to it so far. */
    private record Kept(long seed, List<Step> done, LiveSimulation run) {

        /** Whether the run that is asked for goes on from here. */
        boolean leadsTo(RunRequest request) {
            return seed == request.seed()
                    && run.micros() <= request.from()
                    && done.equals(before(request.steps(), run.micros()));
        }
    }

    private static List<Step> before(List<Step> steps, long micros) {
        return steps.stream().filter(step -> step.at() < micros).toList();
    }

    /**
     * Plays a part of a run.
     *
     * @param request which run, and which part of it
     * @return what can be seen
     * @throws IllegalArgumentException if something cannot be done to a run
     */
    synchronized Chunk play(RunRequest request) {
        Kept run = take(request);
        Chunk chunk = play(run, request);
        kept.addFirst(run);
        if (kept.size() > KEPT) {
            kept.removeLast();
        }
        return chunk;
    }

    /** A run that throws is not put back. */
    private Kept take(RunRequest request) {
        Kept best = null;
        for (Kept each : kept) {
            if (each.leadsTo(request) && (best == null || each.run.micros() > best.run.micros())) {
                best = each;
            }
        }
        if (best == null) {
            return new Kept(request.seed(), new ArrayList<>(), LiveSimulation.begin(request.seed(), NODES));
        }
        kept.remove(best);
        return best;
    }

    private static Chunk play(Kept kept, RunRequest request) {
        LiveSimulation run = kept.run;
        Iterator<Step> steps = request.steps().stream()
                .skip(kept.done.size())
                .filter(step -> step.at() < request.to())
                .iterator();
        Step next = following(steps);
        while (next != null && next.at() < request.from()) {
            run.advance(next.at());
            run.act(next.action());
            kept.done.add(next);
            next = following(steps);
        }
        run.advance(request.from());
        run.takeLetters();
        run.takeNews();
        Watching watching = new Watching(run);
        while (next != null) {
            watching.advance(next.at());
            watching.act(next.action());
            kept.done.add(next);
            next = following(steps);
        }
        watching.advance(request.to());
        return watching.chunk(request);
    }

    private static @Nullable Step following(Iterator<Step> steps) {
        return steps.hasNext() ? steps.next() : null;
    }

    /** Looks after everything that happens. */
    private static final class Watching {

        private final LiveSimulation run;
        private final Sight start;
        private final List<Chunk.Change> changes = new ArrayList<>();
        private final List<Letter> letters = new ArrayList<>();
        private final List<News> news = new ArrayList<>();
        private Sight last;

        Watching(LiveSimulation run) {
            this.run = run;
            this.start = run.look();
            this.last = start;
        }

        void advance(long micros) {
            while (run.step(micros)) {
                look();
            }
            look(); // what was found not to hold is the last thing that happens
        }

        void act(String action) {
            run.act(action);
            look();
        }

        private void look() {
            Sight now = run.look();
            changes.add(new Chunk.Change(last, now));
            last = now;
            letters.addAll(run.takeLetters());
            news.addAll(run.takeNews());
        }

        Chunk chunk(RunRequest request) {
            return new Chunk(request.from(), request.to(), start, changes, letters, news);
        }
    }
}
