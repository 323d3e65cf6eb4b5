// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.model.NodeId;
import io.paxos.testkit.coverage.Mark;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cluster as the faults of one run see it, with a record of all they do to it. What a strike does later, by
 * {@link #after}, belongs to that strike.
 */
final class Recorder implements Cluster {

    private final Cluster cluster;
    private final List<Plan.Step> steps = new ArrayList<>();
    private final Map<Network.Cut, Integer> cuts = new IdentityHashMap<>();
    private int causes;
    private int cause;

    Recorder(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Everything that was done so far. */
    List<Plan.Step> steps() {
        return steps;
    }

    /** What is done from now on has a cause of its own. */
    void newCause() {
        cause = ++causes;
    }

    void record(Action action) {
        steps.add(new Plan.Step(cluster.now(), cause, action));
    }

    @Override
    public void after(long delay, Runnable action) {
        int then = cause;
        cluster.after(delay, () -> {
            cause = then;
            action.run();
        });
    }

    @Override
    public void crash(int node) {
        record(new Action.Crash(node));
        cluster.crash(node);
    }

    @Override
    public void close(int node) {
        record(new Action.Close(node));
        cluster.close(node);
    }

    @Override
    public void transfer(int node, int target, boolean resign, int ticks) {
        record(new Action.Transfer(node, target, resign, ticks));
        cluster.transfer(node, target, resign, ticks);
    }

    @Override
    public void handOver(int node) {
        record(new Action.HandOver(node));
        cluster.handOver(node);
    }

    @Override
    public void setPace(int node, double times) {
        record(new Action.SetPace(node, times));
        cluster.setPace(node, times);
    }

    @Override
    public void restart(int node) {
        if (!cluster.isUp(node)) {
            record(new Action.Start(node));
        }
        cluster.restart(node);
    }

    @Override
    public void loseStore(int node) {
        record(new Action.LoseStore(node));
        cluster.loseStore(node);
    }

    @Override
    public void copyStore(int node) {
        record(new Action.CopyStore(node));
        cluster.copyStore(node);
    }

    @Override
    public void putCopyBack(int node) {
        record(new Action.PutCopyBack(node));
        cluster.putCopyBack(node);
    }

    @Override
    public void pause(int node, long duration) {
        record(new Action.Pause(node, duration));
        cluster.pause(node, duration);
    }

    @Override
    public void stepClock(int node, long millis) {
        record(new Action.StepClock(node, millis));
        cluster.stepClock(node, millis);
    }

    @Override
    public boolean damageSnapshot(int node) {
        record(new Action.DamageSnapshot(node));
        return cluster.damageSnapshot(node);
    }

    @Override
    public void fillDisk(int node, boolean full) {
        record(new Action.FillDisk(node, full));
        cluster.fillDisk(node, full);
    }

    @Override
    public void failNextSnapshot(int node) {
        record(new Action.FailSnapshot(node));
        cluster.failNextSnapshot(node);
    }

    @Override
    public void slowApply(int node, int factor) {
        record(new Action.SlowApply(node, factor));
        cluster.slowApply(node, factor);
    }

    @Override
    public void slowStore(int node, int factor) {
        record(new Action.SlowStore(node, factor));
        cluster.slowStore(node, factor);
    }

    @Override
    public void failNextWrite(int node) {
        record(new Action.FailWrite(node));
        cluster.failNextWrite(node);
    }

    @Override
    public void hint(int node, int peer, boolean isUp) {
        record(new Action.Hint(node, peer, isUp));
        cluster.hint(node, peer, isUp);
    }

    @Override
    public void cut(Network.Cut cut) {
        if (!cut.links().isEmpty()) { // a half may be drawn that has no node
            int number = cuts.size() + 1;
            cuts.put(cut, number);
            record(new Action.Cut(number, cut.links()));
        }
        cluster.cut(cut);
    }

    @Override
    public void heal(Network.Cut cut) {
        Integer number = cuts.get(cut);
        if (number != null) {
            record(new Action.Heal(number));
        }
        cluster.heal(cut);
    }

    @Override
    public void clog(int from, int to, long duration) {
        record(new Action.Clog(from, to, duration));
        cluster.clog(from, to, duration);
    }

    @Override
    public void slowLink(int from, int to, long micros) {
        record(new Action.SlowLink(from, to, micros));
        cluster.slowLink(from, to, micros);
    }

    @Override
    public void loseOnLink(int from, int to, int percent) {
        record(new Action.LoseOnLink(from, to, percent));
        cluster.loseOnLink(from, to, percent);
    }

    @Override
    public int size() {
        return cluster.size();
    }

    @Override
    public NodeId name(int node) {
        return cluster.name(node);
    }

    @Override
    public boolean isUp(int node) {
        return cluster.isUp(node);
    }

    @Override
    public int likelyLeader() {
        return cluster.likelyLeader();
    }

    @Override
    public boolean maySpareStore(int node) {
        return cluster.maySpareStore(node);
    }

    @Override
    public boolean mayPutCopyBack(int node) {
        return cluster.mayPutCopyBack(node);
    }

    @Override
    public boolean isDamaged(int node) {
        return cluster.isDamaged(node);
    }

    @Override
    public Network.Cut newCut() {
        return cluster.newCut();
    }

    @Override
    public long now() {
        return cluster.now();
    }

    @Override
    public void struck(Mark mark, String what) {
        cluster.struck(mark, what);
    }
}
