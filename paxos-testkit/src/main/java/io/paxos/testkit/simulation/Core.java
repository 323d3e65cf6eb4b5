// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.check.FormationFacts;
import io.paxos.testkit.coverage.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Whom the end of a run is about: of themselves all nodes that are up. Once the others have been {@link #cutLoose cut loose}
 * it is a quorum for both phases, healed, and mostly as small as it can be; everybody else stays dead for good, or hears
 * the core without being heard, or is heard without hearing, and may disturb the core as much as it likes.
 */
final class Core {

    private final World world;
    private final Cluster cluster;
    private final RandomGenerator random;
    private final List<Station> chosen = new ArrayList<>();

    Core(World world, RandomGenerator random) {
        this.world = world;
        this.cluster = world.cluster();
        this.random = random;
    }

    /** Those who must come right, as far as they are up. */
    List<Host> hosts() {
        if (chosen.isEmpty()) {
            return world.hostsUp();
        }
        List<Host> hosts = new ArrayList<>();
        for (Station station : chosen) {
            if (station.host() != null) {
                hosts.add(station.host());
            }
        }
        return hosts;
    }

    /** Whether all others have been left to themselves. */
    boolean isAlone() {
        return !chosen.isEmpty();
    }

    /** Whether there are stores enough that vote, one of which knows that the cluster formed. */
    boolean canBeAlone() {
        return world.facts().formation().formed() != null && !knowing().isEmpty() && isQuorum(voting());
    }

    /** Chooses a core, heals it, and breaks everything else for good. */
    void cutLoose() {
        choose();
        Network.Cut cut = cluster.newCut();
        for (Station station : world.stations()) {
            if (chosen.contains(station)) {
                revive(station);
            } else {
                ruin(station, cut);
            }
        }
        cluster.cut(cut);
        world.coverage().count(Mark.CORE_ALONE);
    }

    private void choose() {
        chosen.add(Draw.of(random, knowing()));
        List<Station> others = voting();
        while (!isQuorum(chosen)) {
            Station next = others.remove(random.nextInt(others.size()));
            if (!chosen.contains(next)) {
                chosen.add(next);
            }
        }
        boolean more = Draw.chance(random, 0.3);
        for (Station station : world.stations()) {
            if (more && !chosen.contains(station) && random.nextBoolean()) {
                chosen.add(station);
            }
        }
    }

    private List<Station> voting() {
        List<Station> voting = new ArrayList<>();
        for (Station station : world.stations()) {
            boolean votes = world.facts().isVoter(station.store().index());
            if (votes && !station.store().isDamaged()) {
                voting.add(station);
            }
        }
        return voting;
    }

    private List<Station> knowing() {
        FormationFacts formation = world.facts().formation();
        List<Station> knowing = voting();
        knowing.removeIf(station ->
                !Objects.equals(formation.formed(), station.store().formation().formed()));
        return knowing;
    }

    private boolean isQuorum(List<Station> stations) {
        long stores = 0;
        for (Station station : stations) {
            stores |= 1L << station.store().index();
        }
        return world.facts().suffices(stores);
    }

    /** What is damaged is replaced: in the core nobody meets it any more. */
    private void revive(Station station) {
        Host host = station.host();
        boolean damaged = station.store().isDamaged();
        if (host != null && (host.isUseless() || damaged)) {
            cluster.crash(station.index());
        }
        if (damaged) {
            cluster.loseStore(station.index());
        }
        cluster.restart(station.index());
    }

    private void ruin(Station station, Network.Cut cut) {
        int kind = random.nextInt(3);
        if (kind == 0 || (!station.isUp() && random.nextBoolean())) {
            if (station.isUp()) {
                cluster.crash(station.index());
            }
            world.coverage().count(Mark.OUTSIDE_DEAD);
            return;
        }
        cluster.restart(station.index());
        boolean deaf = kind == 1;
        for (Station inside : chosen) {
            if (deaf) {
                cut.oneWay(inside.index(), station.index());
            } else {
                cut.oneWay(station.index(), inside.index());
            }
        }
        world.coverage().count(deaf ? Mark.OUTSIDE_DEAF : Mark.OUTSIDE_MUTE);
    }
}
