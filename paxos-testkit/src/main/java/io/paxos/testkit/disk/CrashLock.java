// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;

/** A lock on a part of a file. */
final class CrashLock extends FileLock {

    private final CrashChannel channel;

    CrashLock(CrashChannel channel, long position, long size, boolean shared) {
        super(channel, position, size, shared);
        this.channel = channel;
    }

    int file() {
        return channel.file();
    }

    int process() {
        return channel.process();
    }

    @Override
    public boolean isValid() {
        return channel.isOpen() && channel.locks().holds(this);
    }

    @Override
    public void release() throws ClosedChannelException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
        channel.locks().release(this);
    }
}
