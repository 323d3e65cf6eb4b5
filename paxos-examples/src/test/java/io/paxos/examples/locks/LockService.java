// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.locks;

import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Locks with fencing tokens: who gets a lock gets a number that is greater than all before, so that what a lock guards can
 * turn away whoever held it earlier.
 */
class LockService implements StateMachine<LockService.Command, Long> {

    /** The answer to who does not get a lock, or does not hold what it gives back. */
    static final long NO = 0;

    /** What clients may ask for. */
    record Command(boolean acquire, String lock, int owner) {

        static final Codec<Command> CODEC = new Codec<>() {
            @Override
            public Payload encode(Command command) {
                return Payload.utf8((command.acquire ? "acquire " : "release ") + command.lock + " " + command.owner);
            }

            @Override
            public Command decode(Payload payload) {
                String[] words = payload.toUtf8().split(" ", -1);
                if (words.length != 3) {
                    throw new IllegalArgumentException("a command has three words, not \"" + payload.toUtf8() + "\"");
                }
                return new Command(words[0].equals("acquire"), words[1], Integer.parseInt(words[2]));
            }
        };

        static Command acquire(String lock, int owner) {
            return new Command(true, lock, owner);
        }

        static Command release(String lock, int owner) {
            return new Command(false, lock, owner);
        }
    }

    /** Who holds a lock, by which token. */
    record Holder(int owner, long token) {}

    private final SortedMap<String, Holder> holders = new TreeMap<>();
    private long lastToken;

    @Override
    public Long apply(ApplyContext context, Command command) {
        Holder holder = holders.get(command.lock());
        if (command.acquire() && holder == null) {
            holders.put(command.lock(), new Holder(command.owner(), ++lastToken));
            return lastToken;
        }
        if (!command.acquire() && holder != null && holder.owner() == command.owner()) {
            holders.remove(command.lock());
            return holder.token();
        }
        return NO;
    }

    @Override
    public Capture capture() {
        SortedMap<String, Holder> now = new TreeMap<>(holders);
        long token = lastToken;
        return out -> {
            DataOutputStream data = new DataOutputStream(out);
            writeLastToken(data, token);
            data.writeInt(now.size());
            for (SortedMap.Entry<String, Holder> entry : now.entrySet()) {
                data.writeUTF(entry.getKey());
                data.writeInt(entry.getValue().owner());
                data.writeLong(entry.getValue().token());
            }
            data.flush();
        };
    }

    @Override
    public void restore(InputStream snapshot) throws IOException {
        DataInputStream data = new DataInputStream(snapshot);
        holders.clear();
        lastToken = readLastToken(data);
        for (int left = data.readInt(); left > 0; left--) {
            holders.put(data.readUTF(), new Holder(data.readInt(), data.readLong()));
        }
    }

    void writeLastToken(DataOutputStream data, long token) throws IOException {
        data.writeLong(token);
    }

    long readLastToken(DataInputStream data) throws IOException {
        return data.readLong();
    }

    /** Whoever holds a lock holds it by a token that is not given again. */
    boolean newTokensAreNew() {
        return holders.values().stream().allMatch(holder -> holder.token() <= lastToken);
    }
}
