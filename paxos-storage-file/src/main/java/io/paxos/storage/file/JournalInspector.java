// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.ClusterName;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import io.paxos.wire.WireFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Looks at the directory of a store and changes nothing in it: what a node would find if it opened it now, what the
 * journal holds, and how large all of it is.
 *
 * <p>It takes no lock, so it keeps no node from starting and may look at a store in use; what it says of the end of the
 * journal may then be out of date as it says it, and a file may go while it is read. {@link #isInUse} tells. One thread at
 * a time.
 */
public final class JournalInspector {

    private final StoreDirectory directory;

    private JournalInspector(Path path) {
        this.directory = new StoreDirectory(path);
    }

    /**
     * An inspector of a directory.
     *
     * @param directory where a store is
     * @return the inspector, which has not looked yet
     */
    public static JournalInspector of(Path directory) {
        return new JournalInspector(directory);
    }

    /** What would come of opening a store. */
    public enum Outcome {
        /** It would be opened, with nothing lost. */
        SOUND,
        /** It would be opened; bytes at the end, of a batch that was not finished, would be cut off. */
        TAIL_CUT,
        /** It would be opened as a stranger, since votes may have been lost. */
        STRANGER,
        /** It would be refused. */
        REFUSED
    }

    /**
     * What would come of opening a store, and why.
     *
     * @param outcome in one word
     * @param explanation in many, for an operator
     */
    public record Verdict(Outcome outcome, String explanation) {}

    /**
     * One thing that the journal holds.
     *
     * @param file the name of the file
     * @param offset where the batch begins in it, in bytes
     * @param batch the number of the batch
     * @param text what it is
     */
    public record Entry(String file, long offset, long batch, String text) {}

    /**
     * How large a store is, and what for.
     *
     * @param cluster whose it is
     * @param node whose it is
     * @param incarnation its identity
     * @param start how often it was opened
     * @param files the size of each file, in bytes
     * @param records how many records of each kind the journal holds
     * @param logs how many logs were ever written to
     * @param undecided how many undecided decrees there are
     * @param decided how many decided ones
     * @param journalBytes how much the journal takes
     * @param liveBytes about how much of what it holds is still needed, but for decided decrees
     */
    public record Stats(
            ClusterName cluster,
            NodeId node,
            Incarnation incarnation,
            long start,
            Map<String, Long> files,
            Map<String, Long> records,
            int logs,
            int undecided,
            int decided,
            long journalBytes,
            long liveBytes) {
        /** Copies the maps, in the order of their keys. */
        public Stats {
            files = Collections.unmodifiableMap(new TreeMap<>(files));
            records = Collections.unmodifiableMap(new TreeMap<>(records));
        }
    }

    /**
     * Whether a node has the store open now.
     *
     * @return true if it is locked
     * @throws IOException if that cannot be found out
     */
    public boolean isInUse() throws IOException {
        requireDirectory();
        return StoreLock.isTaken(directory);
    }

    /**
     * What would come of opening the store with the usual options. All files that count are read to their ends.
     *
     * @return the verdict
     * @throws IOException if there is no such directory
     */
    public Verdict verify() throws IOException {
        requireDirectory();
        try {
            Identity identity = identity();
            StoreContent content = StoreContent.read(directory, identity);
            if (identity.lastSegment() == 0) {
                return new Verdict(Outcome.SOUND, "the store was created and never opened by a node");
            }
            return verdict(content.tail(), content.lastStart(directory));
        } catch (IOException e) {
            return new Verdict(Outcome.REFUSED, String.valueOf(e.getMessage()));
        }
    }

    private static Verdict verdict(JournalScan.Tail tail, StoreRecord.Started started) {
        if (Recovery.lostVotes(started, tail, BootId.current())) {
            return new Verdict(
                    Outcome.STRANGER,
                    "it was written without forcing, and the machine was restarted before it was closed");
        }
        String end =
                "segment " + tail.header().number() + ", offset " + tail.end() + ", behind batch " + tail.sequence();
        if (tail.contentEnd() > tail.end()) {
            return new Verdict(
                    Outcome.TAIL_CUT,
                    (tail.contentEnd() - tail.end()) + " bytes would be cut off at " + end
                            + ": they belong to a batch that was not finished, and so was never confirmed");
        }
        return new Verdict(
                Outcome.SOUND,
                "it ends at " + end
                        + (tail.closed() ? ", where it was closed" : "")
                        + (tail.vouched() == tail.sequence()
                                ? ""
                                : "; nothing behind that batch says that it was the last"));
    }

    /**
     * Goes through the journal from its beginning to its end.
     *
     * @param action is given all it holds, in order
     * @throws IOException where it is damaged, after all before that was handed out
     */
    public void dump(Consumer<Entry> action) throws IOException {
        requireDirectory();
        Identity identity = identity();
        if (identity.lastSegment() == 0) {
            return;
        }
        JournalScan.Tail unused = new JournalScan(directory, identity, new Dump(action)).run();
    }

    /**
     * Counts what there is.
     *
     * @return the counts
     * @throws IOException if the store cannot be read, or is damaged
     */
    public Stats stats() throws IOException {
        requireDirectory();
        Identity identity = identity();
        Map<String, Long> files = new TreeMap<>();
        long journalBytes = 0;
        for (String name : directory.names()) {
            long size = Files.size(directory.file(name));
            files.put(name, size);
            if (SegmentFile.isName(name)) {
                journalBytes += size;
            }
        }
        Map<String, Long> records = new TreeMap<>();
        StoreContent content =
                StoreContent.read(directory, identity, (record, segment) -> records.merge(kind(record), 1L, Long::sum));
        StoreRecord.Started started = content.index().started();
        return new Stats(
                identity.owner().cluster(),
                identity.owner().node(),
                identity.incarnation(),
                started == null ? 0 : started.start(),
                files,
                records,
                content.index().logs().size(),
                content.index().decrees().size(),
                content.decided().size(),
                journalBytes,
                content.index().use().liveBytes());
    }

    private Identity identity() throws IOException {
        if (!directory.names().contains(Identity.NAME)) {
            throw new IOException(directory.path() + " holds no file " + Identity.NAME
                    + ", so it is not a store, or one that lost it");
        }
        return Identity.read(directory);
    }

    private void requireDirectory() throws IOException {
        if (!Files.isDirectory(directory.path())) {
            throw new IOException(directory.path() + " is not a directory; name that of a store");
        }
    }

    private static String kind(ByteBuffer record) {
        List<String> kinds = new ArrayList<>();
        StoreRecord.read(record, new StoreRecord.Sink() {
            @Override
            public void written(Write write) {
                kinds.add(write.getClass().getSimpleName());
            }

            @Override
            public void started(StoreRecord.Started started) {
                kinds.add("Started");
            }
        });
        return kinds.get(0);
    }

    /** Turns what the journal holds into lines. */
    private static final class Dump implements JournalScan.Sink {

        private final Consumer<Entry> action;
        private String file = "";
        private long offset;
        private long batch;

        Dump(Consumer<Entry> action) {
            this.action = action;
        }

        @Override
        public void header(long segment, long newOffset, BatchHeader header) {
            file = SegmentFile.name(segment);
            offset = newOffset;
            batch = header.sequence();
            say(header.kind() + ", " + header.records() + " records in " + header.bodyBytes()
                    + " bytes, everything forced up to batch " + header.durable());
        }

        @Override
        public void record(ByteBuffer record, long segment) {
            try {
                StoreRecord.read(record, new StoreRecord.Sink() {
                    @Override
                    public void written(Write write) {
                        say(words(write));
                    }

                    @Override
                    public void started(StoreRecord.Started started) {
                        say(started.toString());
                    }
                });
            } catch (WireFormatException e) {
                say("unreadable: " + e.getMessage());
                throw e;
            }
        }

        private void say(String text) {
            action.accept(new Entry(file, offset, batch, text));
        }

        private static String words(Write write) {
            if (write instanceof Write.AcceptWrite accept) {
                return "accepted in " + accept.group() + " at " + accept.ballot() + ": "
                        + values(accept.first(), accept.values());
            }
            if (write instanceof Write.LearnWrite learn) {
                return "learned in " + learn.group() + ": " + values(learn.first(), learn.values());
            }
            return write.toString();
        }

        private static String values(long first, List<Value> values) {
            return "slots " + first + " to " + (first + values.size() - 1) + " " + values;
        }
    }
}
