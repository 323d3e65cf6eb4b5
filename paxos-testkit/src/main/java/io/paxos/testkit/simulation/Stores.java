// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.testkit.check.DurableState;
import io.paxos.testkit.check.FormationFacts;
import io.paxos.testkit.check.Judge;
import io.paxos.testkit.coverage.Coverage;
import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/**
 * The stores of a run: new ones, lost ones and copies. What may be lost is counted over the whole run: the cluster must
 * be able to do its work for ever with what is left, for that is what it promises to survive.
 */
final class Stores {

    /** More stores than this the observer cannot tell apart. */
    private static final int MOST = 48;

    private final Judge judge;
    private final Stations stations;
    private final RandomGenerator random;
    private final Coverage coverage;

    Stores(Judge judge, Stations stations, RandomGenerator random, Coverage coverage) {
        this.judge = judge;
        this.stations = stations;
        this.random = random;
        this.coverage = coverage;
    }

    /** An empty store of a new identity. */
    DurableState create() {
        long bits = random.nextLong();
        DurableState store = new DurableState(judge.facts().stores().size(), new Incarnation(bits == 0 ? 1 : bits));
        judge.created(store);
        return store;
    }

    /** Puts an empty store in the place of the one that a node which is down had. */
    void lose(Station station) {
        judge.lost(station.store());
        if (judge.facts().formation().formed() == null) {
            coverage.count(Mark.LOST_BEFORE_FORMATION);
        }
        station.replaceStore(create());
    }

    boolean maySpare(Station station) {
        if (judge.facts().stores().size() >= MOST) {
            return false;
        }
        long lost = 1L << station.store().index();
        for (Station other : stations) {
            if (other.isUntoldCopy()) {
                return false;
            }
        }
        for (DurableState store : judge.facts().stores()) {
            if (judge.facts().isLost(store.index()) || store.isDamaged()) {
                lost |= 1L << store.index();
            }
        }
        return judge.facts().survivesLossOf(lost);
    }

    /** Keeps a copy of what a store holds now, unless it is a copy itself. */
    void copy(Station station) {
        station.keepCopy(station.store().isOldCopy() ? null : station.store().copy(0));
    }

    boolean mayPutCopyBack(Station station) {
        DurableState copy = station.copy();
        if (copy == null || !copy.incarnation().equals(station.store().incarnation()) || !maySpare(station)) {
            return false;
        }
        long alone = 1L << station.store().index();
        FormationFacts formation = judge.facts().formation();
        boolean alwaysVoted =
                formation.isVoter(station.store().index()) && !judge.facts().hasChanged();
        if (!alwaysVoted || formation.isPhase1(alone) || formation.isPhase2(alone)) {
            return false;
        }
        for (Station other : stations) {
            if (other.store().isDamaged()) {
                return false;
            }
        }
        return isKnownToAllOthers(station, copy.starts() + 1);
    }

    void putCopyBack(Station station) {
        DurableState copy = station.copy();
        if (copy == null) {
            throw new IllegalStateException(station.id() + " has no copy of its store");
        }
        judge.lost(station.store());
        station.replaceStore(copy.copy(judge.facts().stores().size()));
        station.keepCopy(null);
        judge.copied(station.store());
    }

    /**
     * Before a start: a copy that has been started so often that it would pass for the original, which is more than can be
     * found out, gives way to an empty store.
     */
    void withdrawAgedCopy(Station station) {
        if (station.isUntoldCopy()
                && !isKnownToAllOthers(station, station.store().starts() + 1)) {
            lose(station);
        }
    }

    /** Whether everyone else durably knows of a start of this store that is at least the one of this number. */
    private boolean isKnownToAllOthers(Station station, long number) {
        Endpoint endpoint = station.endpoint();
        for (Station other : stations) {
            if (other != station && other.store().startOf(endpoint).number() < number) {
                return false;
            }
        }
        return true;
    }
}
