// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.model.NodeId;
import io.paxos.testkit.coverage.Mark;

/** The cluster as a fault sees it. Nodes are numbered from 0. */
interface Cluster {

    /** Names no node, but lets the one that is asked choose. */
    int THE_BEST = -1;

    /** Names a node that there is not. */
    int NOBODY = -2;

    /** How many nodes there are, observers included. */
    int size();

    /** The name of a node. */
    NodeId name(int node);

    /** Whether a node is up. */
    boolean isUp(int node);

    /** The node that leads most, as far as it knows itself; or any. */
    int likelyLeader();

    /** Stops a node in the middle of whatever it does; what is not durable is lost. It must be up. */
    void crash(int node);

    /** Starts a node that is down, with the store it had; or does nothing if it is up. */
    void restart(int node);

    /**
     * Whether the cluster can do its work for ever without the store this node has now, and without all that are lost or
     * damaged already.
     */
    boolean maySpareStore(int node);

    /** Replaces the store of a node that is down by an empty one. */
    void loseStore(int node);

    /** Keeps a copy of what the store of a node holds now. */
    void copyStore(int node);

    /**
     * Whether the cluster can do its work for ever without the store of this node, and must find out that the copy is an
     * old one: everyone else has durably heard of a start that the copy does not know.
     */
    boolean mayPutCopyBack(int node);

    /** Puts the copy in the place of the store of a node that is down. */
    void putCopyBack(int node);

    /** Lets a node stand still for so many microseconds. */
    void pause(int node, long duration);

    /** Closes a node in order, so that it resigns every office, and then stops it. It must be up. */
    void close(int node);

    /** Asks a node that is up to let another one lead a log. */
    void transfer(int node, int target, boolean resign, int ticks);

    /** Tells a node that is up that it will be closed soon. */
    void handOver(int node);

    /** Lets the clocks of a node go so many times faster than they should; at 0 they stand still. */
    void setPace(int node, double times);

    /** Sets the clock of a node forward or back. */
    void stepClock(int node, long millis);

    /** Whether something in the store of a node cannot be read any more. */
    boolean isDamaged(int node);

    /** Makes a part of some snapshot in the store of a node unreadable; false if there is none to damage. */
    boolean damageSnapshot(int node);

    /** Lets the disk of a node be full, or have room again. As long as it is full its node cannot start either. */
    void fillDisk(int node, boolean full);

    /** Lets the next snapshot that a node writes fail. */
    void failNextSnapshot(int node);

    /** Makes a node so many times slower than usual at executing commands. */
    void slowApply(int node, int factor);

    /** Makes the writes of a node so many times slower than usual. */
    void slowStore(int node, int factor);

    /** Lets the next write of a node fail. */
    void failNextWrite(int node);

    /** Tells a node something about a peer. */
    void hint(int node, int peer, boolean isUp);

    /** A cut that is not made yet and cuts nothing. */
    Network.Cut newCut();

    /** Cuts links. */
    void cut(Network.Cut cut);

    /** Heals a cut, if it is not healed already. */
    void heal(Network.Cut cut);

    /** What the one node sends to the other within so many microseconds arrives after them. */
    void clog(int from, int to, long duration);

    /** From now on every message from the one node to the other takes so many microseconds longer. */
    void slowLink(int from, int to, long micros);

    /** From now on so many of a hundred messages from the one node to the other are lost. */
    void loseOnLink(int from, int to, int percent);

    /** The current time in microseconds. */
    long now();

    /** Does something later, whatever the nodes do meanwhile, unless the calm has begun by then. */
    void after(long delay, Runnable action);

    /** Counts and traces a strike. */
    void struck(Mark mark, String what);
}
