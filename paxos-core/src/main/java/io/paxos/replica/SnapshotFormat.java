// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.log.Changes;
import io.paxos.model.Configuration;
import io.paxos.model.DecidedChange;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a snapshot begins: where in which log it was taken, the feature level raised in it, the changes of membership that
 * govern slots behind it, and the sessions as they were there. The state of the user's machine follows, up to the end. Equal
 * states give equal bytes on every replica. Version 3; version 1, which knows of no changes of membership and of no fences
 * among the results, is written as long as there are none of either and no level was raised, so that it can be read by older
 * libraries; and version 2 where a log that never rose has either.
 */
final class SnapshotFormat {

    private static final int MAGIC = 0x50_58_53_4E;
    private static final byte PLAIN = 1;
    private static final byte WITH_CHANGES_AND_FENCES = 2;
    private static final byte WITH_LEVEL = 3;

    /** More changes than this cannot matter at once, however small α is, in a snapshot that is sound. */
    private static final int MOST_CHANGES = 1 << 20;

    /** What a snapshot says besides the sessions and the user's state. */
    record Head(LogPoint point, FeatureLevel level, List<DecidedChange> changes) {}

    private SnapshotFormat() {}

    /**
     * Writes all but the user's state.
     *
     * @param level the highest level that the log has decided up to there
     */
    static void write(
            GroupId group,
            LogPoint point,
            FeatureLevel level,
            Changes changes,
            ClientSessions sessions,
            DataOutputStream out)
            throws IOException {
        List<DecidedChange> kept = changes.kept();
        out.writeInt(MAGIC);
        boolean hasRisen = !level.equals(FeatureLevel.BASE);
        boolean isPlain = !hasRisen && kept.isEmpty() && !sessions.hasFences();
        out.writeByte(hasRisen ? WITH_LEVEL : isPlain ? PLAIN : WITH_CHANGES_AND_FENCES);
        out.writeUTF(group.name());
        out.writeInt(group.generation());
        out.writeLong(point.slot());
        out.writeLong(point.bytes());
        out.writeLong(point.time().millis());
        if (hasRisen) {
            out.writeInt(level.number());
        }
        if (!isPlain) {
            out.writeInt(changes.alpha());
            out.writeInt(kept.size());
            for (DecidedChange change : kept) {
                write(change, out);
            }
        }
        sessions.writeTo(out);
    }

    private static void write(DecidedChange change, DataOutputStream out) throws IOException {
        Configuration configuration = change.configuration();
        out.writeLong(change.slot());
        out.writeLong(configuration.version());
        out.writeInt(configuration.voters().voters().size());
        for (Map.Entry<NodeId, Incarnation> voter :
                configuration.voters().voters().entrySet()) {
            out.writeUTF(voter.getKey().name());
            out.writeLong(voter.getValue().bits());
        }
        out.writeInt(configuration.observers().size());
        for (NodeId observer : configuration.observers()) {
            out.writeUTF(observer.name());
        }
    }

    /**
     * Reads what {@link #write} wrote, and puts the sessions into {@code into}.
     *
     * @param alpha how many slots behind the one that decides it a change governs here; another one there is an error
     * @throws IOException if reading fails, or it is no snapshot of this log that this library can read
     */
    static Head read(GroupId group, int alpha, ClientSessions into, DataInputStream in) throws IOException {
        try {
            return readChecked(group, alpha, into, in);
        } catch (IllegalArgumentException e) {
            throw new IOException("the snapshot holds what cannot be: " + e.getMessage(), e);
        }
    }

    private static Head readChecked(GroupId group, int alpha, ClientSessions into, DataInputStream in)
            throws IOException {
        int magic = in.readInt();
        if (magic != MAGIC) {
            throw new IOException("this is no snapshot: it begins with " + Integer.toHexString(magic) + " and not with "
                    + Integer.toHexString(MAGIC));
        }
        byte version = in.readByte();
        if (version < PLAIN || version > WITH_LEVEL) {
            throw new IOException("the snapshot is of version " + version + ", but this library reads versions "
                    + PLAIN + " to " + WITH_LEVEL
                    + "; start the node with the version of the library that wrote it");
        }
        GroupId written = new GroupId(in.readUTF(), in.readInt());
        if (!written.equals(group)) {
            throw new IOException("the snapshot belongs to group " + written + " and not to " + group);
        }
        LogPoint point = new LogPoint(in.readLong(), in.readLong(), new LogTime(in.readLong()));
        if (point.slot() < 1 || point.bytes() < 0) {
            throw new IOException(
                    "there is no snapshot at slot " + point.slot() + " of a log of " + point.bytes() + " bytes");
        }
        FeatureLevel level = version == WITH_LEVEL ? readLevel(in) : FeatureLevel.BASE;
        List<DecidedChange> changes = version == PLAIN ? List.of() : readChanges(alpha, point.slot(), in);
        into.readFrom(in, point.slot());
        if (version == PLAIN && into.hasFences()) {
            throw new IOException("a snapshot of version " + PLAIN + " knows of no fences, but this one holds some");
        }
        return new Head(point, level, changes);
    }

    private static FeatureLevel readLevel(DataInputStream in) throws IOException {
        FeatureLevel level = new FeatureLevel(in.readInt());
        if (level.equals(FeatureLevel.BASE)) {
            throw new IOException("a snapshot of version " + WITH_LEVEL + " tells of a level above " + level);
        }
        if (level.compareTo(FeatureLevel.LATEST) > 0) {
            throw new IOException("the snapshot was taken at " + level + ", but this library supports up to "
                    + FeatureLevel.LATEST + "; start the node with the version of the library that the others run");
        }
        return level;
    }

    private static List<DecidedChange> readChanges(int alpha, long upTo, DataInputStream in) throws IOException {
        int written = in.readInt();
        if (written != alpha) {
            throw new IOException("the snapshot was taken where a change of membership governs from " + written
                    + " slots behind it on, but here from " + alpha
                    + "; all nodes of a cluster need the same value for as long as it lives");
        }
        int count = in.readInt();
        if (count < 0 || count > MOST_CHANGES) {
            throw new IOException("a snapshot cannot tell of " + count + " changes of membership");
        }
        List<DecidedChange> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            DecidedChange change = readChange(in);
            DecidedChange last = i == 0 ? null : changes.get(i - 1);
            boolean follows = last == null
                    || (change.slot() > last.slot()
                            && change.configuration().version()
                                    == last.configuration().version() + 1);
            if (change.slot() > upTo || !follows) {
                throw new IOException(
                        "a snapshot up to slot " + upTo + " cannot tell of " + change + " behind " + last);
            }
            changes.add(change);
        }
        return changes;
    }

    private static DecidedChange readChange(DataInputStream in) throws IOException {
        long slot = in.readLong();
        long version = in.readLong();
        TreeMap<NodeId, Incarnation> voters = new TreeMap<>();
        for (int left = readCount(in); left > 0; left--) {
            voters.put(new NodeId(in.readUTF()), new Incarnation(in.readLong()));
        }
        TreeSet<NodeId> observers = new TreeSet<>();
        for (int left = readCount(in); left > 0; left--) {
            observers.add(new NodeId(in.readUTF()));
        }
        return new DecidedChange(slot, new Configuration(version, new Membership(voters), observers));
    }

    private static int readCount(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST_CHANGES) {
            throw new IOException("a configuration cannot name " + count + " nodes");
        }
        return count;
    }
}
