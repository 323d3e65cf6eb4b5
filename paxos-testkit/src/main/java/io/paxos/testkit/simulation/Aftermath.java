// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.model.GroupId;
import io.paxos.testkit.check.Constituency;
import io.paxos.testkit.check.DurableState;
import io.paxos.testkit.check.FormationFacts;
import io.paxos.testkit.check.StoredSnapshot;
import io.paxos.testkit.coverage.Mark;
import java.util.List;
import java.util.random.RandomGenerator;

/** What stays wrong in the calm at the end of a run: never so much that the cluster could not do its work. */
final class Aftermath {

    private final World world;
    private final Cluster cluster;
    private final RandomGenerator random;

    Aftermath(World world, RandomGenerator random) {
        this.world = world;
        this.cluster = world.cluster();
        this.random = random;
    }

    /** Starts every node that is down or of no use, except that sometimes a minority stays down. */
    void bringUp() {
        bringUp(Draw.chance(random, 0.3));
    }

    /** Starts every node that is down or of no use. */
    void bringUpAll() {
        bringUp(false);
    }

    private void bringUp(boolean someStayDown) {
        for (int node = 0; node < cluster.size(); node++) {
            Host host = world.host(node);
            if (host != null && (host.isUseless() || cluster.isDamaged(node))) {
                cluster.crash(node);
            }
        }
        for (int node = 0; node < cluster.size(); node++) {
            if (!cluster.isUp(node) && !(someStayDown && thoseUpSuffice())) {
                revive(node);
            }
        }
        if (someStayDown) {
            int victim = random.nextInt(cluster.size());
            if (cluster.isUp(victim)) {
                cluster.crash(victim);
                if (!thoseUpSuffice()) {
                    revive(victim);
                }
            }
        }
        startTheHelplessAnew();
        if (world.hostsUp().size() < cluster.size()) {
            world.coverage().count(Mark.CALM_WITHOUT_SOME);
        }
    }

    /** What is damaged is replaced: in the calm nobody meets it any more. */
    private void revive(int node) {
        if (cluster.isDamaged(node)) {
            cluster.loseStore(node);
        }
        cluster.restart(node);
    }

    /**
     * Whether some of the members that are up know that the cluster formed, and all of them are enough for its work. What
     * an observer knows is no help to members that do not know it yet: they do not take it from there (rule 6).
     */
    private boolean thoseUpSuffice() {
        FormationFacts formation = world.facts().formation();
        if (formation.formed() == null || world.facts().changesAreOpen()) {
            return false;
        }
        long up = 0;
        boolean known = false;
        for (Host host : world.hostsUp()) {
            up |= 1L << host.durable().index();
            known |= world.facts().isVoter(host.durable().index())
                    && formation.formed().equals(host.durable().formation().formed());
        }
        return known && world.facts().suffices(up) && everyoneKnowsSomebody();
    }

    private boolean everyoneKnowsSomebody() {
        return world.hostsUp().stream().noneMatch(this::isHelpless);
    }

    /** Whoever missed changes asks those who voted before them, and is helpless if none of these is up. */
    private boolean isHelpless(Host host) {
        for (GroupId group : world.facts().logs().keySet()) {
            Constituency known = world.facts().log(group).governing(knownToBeDecided(host, group) + 1);
            if (known != null
                    && world.hostsUp().stream()
                            .noneMatch(other -> known.isVoter(other.durable().index()))) {
                return true;
            }
        }
        return false;
    }

    /** What its store holds counts as well: a node that has just been started may not have opened the log yet. */
    private static long knownToBeDecided(Host host, GroupId group) {
        StoredSnapshot snapshot = host.durable().snapshot(group);
        long stood = snapshot == null ? 0 : snapshot.info().slot();
        return Math.max(
                host.decided(group), Math.max(stood, host.durable().log(group).decided()));
    }

    /** As its operator would, who then names those that vote. */
    private void startTheHelplessAnew() {
        for (Host host : List.copyOf(world.hostsUp())) {
            if (isHelpless(host)) {
                cluster.crash(host.index());
                revive(host.index());
            }
        }
    }

    /**
     * Sometimes leaves links cut for ever so that nodes disagree on who can be reached, provided that all are up and
     * none lost its vote, and that someone still reaches a quorum from whom everyone is at most two links away.
     */
    void mayCutLinks() {
        // Where memberships differ from log to log, so does who can pass things on.
        boolean possible = world.hostsUp().size() == cluster.size()
                && !someoneLostItsVote()
                && !world.facts().hasChanged();
        if (!possible || !Draw.chance(random, 0.5)) {
            return;
        }
        Network.Cut cut = PartialPartitions.draw(cluster, random);
        if (cut == null) {
            return;
        }
        world.network().cut(cut);
        if (everyoneIsNearAPossibleLeader()) {
            world.coverage().count(Mark.CALM_PARTIAL);
        } else {
            world.network().heal(cut);
        }
    }

    private boolean someoneLostItsVote() {
        for (DurableState store : world.facts().stores()) {
            if (world.facts().isLost(store.index()) && world.facts().isVoter(store.index())) {
                return true;
            }
        }
        return false;
    }

    /** Whoever of the possible leaders is elected, all the others reach it directly or through one peer. */
    private boolean everyoneIsNearAPossibleLeader() {
        boolean possible = false;
        for (Host leader : world.hostsUp()) {
            if (reachesQuorums(leader) && world.facts().isVoter(leader.durable().index())) {
                possible = true;
                for (Host other : world.hostsUp()) {
                    if (!isNear(other, leader)) {
                        return false;
                    }
                }
            }
        }
        return possible;
    }

    private boolean isNear(Host from, Host to) {
        if (isLinked(from, to)) {
            return true;
        }
        for (Host between : world.hostsUp()) {
            boolean votes = world.facts().isVoter(between.durable().index());
            if (votes && isLinked(from, between) && isLinked(between, to)) {
                return true;
            }
        }
        return false;
    }

    private boolean isLinked(Host a, Host b) {
        return a == b
                || (!world.network().isCut(a.index(), b.index())
                        && !world.network().isCut(b.index(), a.index()));
    }

    /** Whether a node that is up can talk to a quorum for either phase without any other node's help. */
    boolean reachesQuorums(Host host) {
        long reached = 0;
        for (Host other : world.hostsUp()) {
            if (isLinked(host, other)) {
                reached |= 1L << other.durable().index();
            }
        }
        return world.facts().suffices(reached);
    }
}
