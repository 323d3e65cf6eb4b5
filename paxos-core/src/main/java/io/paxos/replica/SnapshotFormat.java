package io.paxos.replica;

import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * How a snapshot begins: where in which log it was taken, and the sessions as they were there. The state of the user's
 * machine follows, up to the end. Equal states give equal bytes on every replica. Version 1.
 */
final class SnapshotFormat {

    private static final int MAGIC = 0x50_58_53_4E;
    private static final byte VERSION = 1;

    private SnapshotFormat() {}

    static void write(GroupId group, LogPoint point, ClientSessions sessions, DataOutputStream out) throws IOException {
        out.writeInt(MAGIC);
        out.writeByte(VERSION);
        out.writeUTF(group.name());
        out.writeInt(group.generation());
        out.writeLong(point.slot());
        out.writeLong(point.bytes());
        out.writeLong(point.time().millis());
        sessions.writeTo(out);
    }

    /** Reads what {@link #write} wrote, and puts the sessions into {@code into}. */
    static LogPoint read(GroupId group, ClientSessions into, DataInputStream in) throws IOException {
        int magic = in.readInt();
        if (magic != MAGIC) {
            throw new IOException("this is no snapshot: it begins with " + Integer.toHexString(magic) + " and not with "
                    + Integer.toHexString(MAGIC));
        }
        byte version = in.readByte();
        if (version != VERSION) {
            throw new IOException("the snapshot is of version " + version + ", but this library reads version "
                    + VERSION + "; start the node with the version of the library that wrote it");
        }
        GroupId written = new GroupId(in.readUTF(), in.readInt());
        if (!written.equals(group)) {
            throw new IOException("the snapshot belongs to group " + written + " and not to " + group);
        }
        LogPoint point = new LogPoint(in.readLong(), in.readLong(), new LogTime(in.readLong()));
        into.readFrom(in);
        return point;
    }
}
