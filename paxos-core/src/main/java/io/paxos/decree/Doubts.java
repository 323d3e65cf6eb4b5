// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.model.DecreeName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Sees to it that every participant learns in the end: what an acceptor of this node holds and nobody decides for long,
 * is asked about, and finished if it must be. Only so many names at a time, and each more rarely the more often nothing
 * came of it. A mere promise binds nobody to a value, so it is asked about a few times only.
 */
final class Doubts {

    private static final int MOST_AT_ONCE = 64;
    private static final int MOST_FOR_A_PROMISE = 4;

    private final Means means;
    private final Acceptors<DecreeName> acceptors;
    private final Consumer<DecreeName> doubt;
    private final Map<DecreeName, Watch> watched = new HashMap<>();
    private final Set<DecreeName> doubted = new HashSet<>();

    /**
     * Nothing watched yet.
     *
     * @param doubt what to do about a name that has been undecided for long
     */
    Doubts(Means means, Acceptors<DecreeName> acceptors, Consumer<DecreeName> doubt) {
        this.means = means;
        this.acceptors = acceptors;
        this.doubt = doubt;
    }

    /** An acceptor of this node holds something for this name. */
    void watch(DecreeName name) {
        watched.computeIfAbsent(name, Watch::new);
    }

    /** The question about this name has been settled without a decision; there may be another one later. */
    void settled(DecreeName name) {
        doubted.remove(name);
    }

    /** The name is decided. */
    void forget(DecreeName name) {
        doubted.remove(name);
        Watch watch = watched.remove(name);
        if (watch != null) {
            watch.alarm.cancel();
        }
    }

    private final class Watch {
        private final DecreeName name;
        private int times;
        private Agenda.Alarm alarm;

        Watch(DecreeName name) {
            this.name = name;
            this.alarm = means.afterPatience(0, this::ask);
        }

        private void ask() {
            if (acceptors.accepted(name) == null && times >= MOST_FOR_A_PROMISE) {
                watched.remove(name);
                return;
            }
            if (doubted.contains(name) || doubted.size() >= MOST_AT_ONCE) {
                alarm = means.afterPatience(0, this::ask);
                return;
            }
            times++;
            alarm = means.afterPatience(times, this::ask);
            doubted.add(name);
            doubt.accept(name);
        }
    }
}
