package io.paxos.testkit.simulation;

import io.paxos.testkit.check.DurableState;
import io.paxos.testkit.check.FormationFacts;
import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/** What stays wrong in the calm at the end of a run: never so much that the cluster could not do its work. */
final class Aftermath {

    private final World world;
    private final RandomGenerator random;

    Aftermath(World world, RandomGenerator random) {
        this.world = world;
        this.random = random;
    }

    /** Starts every node that is down or of no use, except that sometimes a minority stays down. */
    void bringUp() {
        for (int node = 0; node < world.size(); node++) {
            Host host = world.host(node);
            if (host != null && (host.isUseless() || world.isDamaged(node))) {
                world.crash(node);
            }
        }
        boolean someStayDown = Draw.chance(random, 0.3);
        for (int node = 0; node < world.size(); node++) {
            if (!world.isUp(node) && !(someStayDown && thoseUpSuffice())) {
                revive(node);
            }
        }
        if (someStayDown) {
            int victim = random.nextInt(world.size());
            if (world.isUp(victim)) {
                world.crash(victim);
                if (!thoseUpSuffice()) {
                    revive(victim);
                }
            }
        }
        if (world.hostsUp().size() < world.size()) {
            world.coverage().count(Mark.CALM_WITHOUT_SOME);
        }
    }

    /** What is damaged is replaced: in the calm nobody meets it any more. */
    private void revive(int node) {
        if (world.isDamaged(node)) {
            world.loseStore(node);
        }
        world.restart(node);
    }

    /** Whether some of those that are up know that the cluster formed, and all of them are enough for its work. */
    private boolean thoseUpSuffice() {
        FormationFacts formation = world.facts().formation();
        if (formation.formed() == null) {
            return false;
        }
        long up = 0;
        boolean known = false;
        for (Host host : world.hostsUp()) {
            up |= 1L << host.durable().index();
            known |= formation.formed().equals(host.durable().formation().formed());
        }
        return known && formation.isPhase1(up) && formation.isPhase2(up);
    }

    /**
     * Sometimes leaves links cut for ever so that nodes disagree on who can be reached, provided that all are up and
     * none lost its vote, and that someone still reaches a quorum from whom everyone is at most two links away.
     */
    void mayCutLinks() {
        if (!Draw.chance(random, 0.25) || world.hostsUp().size() < world.size() || someoneLostItsVote()) {
            return;
        }
        Network.Cut cut = PartialPartitions.draw(world, random);
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
            if (world.facts().isLost(store.index()) && world.facts().formation().isVoter(store.index())) {
                return true;
            }
        }
        return false;
    }

    /** Whoever of the possible leaders is elected, all the others reach it directly or through one peer. */
    private boolean everyoneIsNearAPossibleLeader() {
        boolean possible = false;
        for (Host leader : world.hostsUp()) {
            if (reachesQuorums(leader)
                    && world.facts().formation().isVoter(leader.durable().index())) {
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
            boolean votes = world.facts().formation().isVoter(between.durable().index());
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
        FormationFacts formation = world.facts().formation();
        return formation.isPhase1(reached) && formation.isPhase2(reached);
    }
}
