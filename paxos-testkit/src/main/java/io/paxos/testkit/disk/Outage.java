// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Which disks a crash at one moment can leave: how many of each kind there are, and each of them. */
final class Outage {

    /** What a disk writes at once, or not at all. */
    static final int SECTOR = 512;

    /** Up to so many operations every subset has a number of its own; of more, the number is a seed. */
    private static final int ENUMERABLE = 20;

    private final Moment moment;
    private final List<DiskOperation> pending;

    Outage(Moment moment) {
        this.moment = moment;
        this.pending = moment.pending();
    }

    /** How many variants there are, {@link Long#MAX_VALUE} if they are to be drawn. */
    long variants(CrashKind kind) {
        int count = pending.size();
        return switch (kind) {
            case NOTHING -> 1;
            case KILLED -> moment.isUncertain() ? 1 : 0;
            case EVERYTHING -> count > 0 ? 1 : 0;
            case PREFIX -> Math.max(0, count - 1);
            case SUBSET -> count < 2 ? 0 : subsets(count) - 2;
            case TORN_SECTOR, END_ONLY -> perWrite(w -> sectors(w) - 1);
            case TORN_BYTE -> perWrite(w -> w.bytes().length - 1);
            case SECTOR_OLD, SECTOR_ZERO, SECTOR_GARBAGE -> perWrite(Outage::sectors);
            case LENGTH_ZERO, LENGTH_GARBAGE -> grownFiles().size();
            case ENTRIES_LOST, ENTRIES_ONLY -> entries() == 0 ? 0 : subsets(entries()) - 1;
        };
    }

    private static long subsets(int count) {
        return count <= ENUMERABLE ? 1L << count : Long.MAX_VALUE;
    }

    private int entries() {
        return (int) pending.stream().filter(DiskOperation::changesEntries).count();
    }

    private interface Count {
        int of(DiskOperation.Write write);
    }

    private long perWrite(Count count) {
        long sum = 0;
        for (DiskOperation operation : pending) {
            if (operation instanceof DiskOperation.Write write) {
                sum += count.of(write);
            }
        }
        return sum;
    }

    private static int sectors(DiskOperation.Write write) {
        return write.bytes().length == 0 ? 0 : (int) ((write.end() - 1) / SECTOR - write.offset() / SECTOR) + 1;
    }

    private Set<Integer> grownFiles() {
        Set<Integer> grown = new LinkedHashSet<>();
        for (DiskOperation operation : pending) {
            if (operation instanceof DiskOperation.Write write
                    && write.end() > moment.durable().content(write.file()).size()) {
                grown.add(write.file());
            }
        }
        return grown;
    }

    /** The disk as it is when somebody looks at it again. */
    Moment after(CrashKind kind, long variant) {
        if (variant < 0 || variant >= variants(kind)) {
            throw new IllegalArgumentException(
                    kind + " has " + variants(kind) + " variants at this moment, there is no number " + variant);
        }
        if (kind == CrashKind.KILLED) {
            return moment.copy();
        }
        Image image = moment.durable().copy();
        switch (kind) {
            case NOTHING, KILLED -> {}
            case EVERYTHING -> pending.forEach(image::apply);
            case PREFIX -> pending.subList(0, (int) variant + 1).forEach(image::apply);
            case SUBSET -> subset(image, variant + 1, pending);
            case TORN_SECTOR, TORN_BYTE, END_ONLY, SECTOR_OLD, SECTOR_ZERO, SECTOR_GARBAGE ->
                oneWrite(image, kind, variant);
            case LENGTH_ZERO, LENGTH_GARBAGE -> length(image, kind, (int) variant);
            case ENTRIES_LOST -> {
                pending.stream().filter(o -> !o.changesEntries()).forEach(image::apply);
                subset(image, variant, entryChanges());
            }
            case ENTRIES_ONLY -> subset(image, variant + 1, entryChanges());
        }
        return Moment.atRest(image);
    }

    private List<DiskOperation> entryChanges() {
        return pending.stream().filter(DiskOperation::changesEntries).toList();
    }

    private static void subset(Image image, long mask, List<DiskOperation> operations) {
        RandomGenerator drawn = new SplittableRandom(mask);
        boolean enumerable = operations.size() <= ENUMERABLE;
        for (int i = 0; i < operations.size(); i++) {
            if (enumerable ? (mask >>> i & 1) != 0 : drawn.nextBoolean()) {
                image.apply(operations.get(i));
            }
        }
    }

    private void oneWrite(Image image, CrashKind kind, long variant) {
        boolean cut = kind == CrashKind.TORN_SECTOR || kind == CrashKind.TORN_BYTE;
        long left = variant;
        boolean found = false;
        for (DiskOperation operation : pending) {
            if (found || !(operation instanceof DiskOperation.Write write)) {
                image.apply(operation);
                continue;
            }
            int here =
                    switch (kind) {
                        case TORN_BYTE -> write.bytes().length - 1;
                        case TORN_SECTOR, END_ONLY -> sectors(write) - 1;
                        default -> sectors(write);
                    };
            if (left >= here) {
                left -= here;
                image.apply(operation);
                continue;
            }
            found = true;
            image.put(write.file(), partly(image.content(write.file()), write, kind, (int) left));
            if (cut) {
                return;
            }
        }
    }

    private static Content partly(Content before, DiskOperation.Write write, CrashKind kind, int which) {
        byte[] bytes = write.bytes();
        int boundary = boundary(write, which + 1);
        return switch (kind) {
            case TORN_BYTE -> before.write(write.offset(), bytes, 0, which + 1);
            case TORN_SECTOR -> before.write(write.offset(), bytes, 0, boundary);
            case END_ONLY -> before.write(write.offset() + boundary, bytes, boundary, bytes.length);
            default -> {
                int from = boundary(write, which);
                byte[] damaged = bytes.clone();
                byte[] old = before.range(write.offset() + from, boundary - from);
                // A sector that is given the bytes it holds is not in danger: whichever is read, it is those.
                boolean repeats = Arrays.equals(old, 0, old.length, bytes, from, boundary);
                byte[] instead = old;
                if (!repeats && kind == CrashKind.SECTOR_ZERO) {
                    instead = new byte[old.length];
                } else if (!repeats && kind == CrashKind.SECTOR_GARBAGE) {
                    instead = garbage(write.offset() + from, old.length);
                }
                System.arraycopy(instead, 0, damaged, from, instead.length);
                yield before.write(write.offset(), damaged);
            }
        };
    }

    /** Where, within a write, the sector with this number begins; the first is cut short by the write's own beginning. */
    private static int boundary(DiskOperation.Write write, int sector) {
        long at = (write.offset() / SECTOR + sector) * SECTOR - write.offset();
        return (int) Math.max(0, Math.min(at, write.bytes().length));
    }

    private static byte[] garbage(long seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed ^ length).nextBytes(bytes);
        return bytes;
    }

    private void length(Image image, CrashKind kind, int which) {
        int file = List.copyOf(grownFiles()).get(which);
        for (DiskOperation operation : pending) {
            if (operation instanceof DiskOperation.Write write && write.file() == file) {
                Content content = image.content(file);
                if (write.end() > content.size()) {
                    image.put(file, grown(content, write.end(), kind));
                }
            } else {
                image.apply(operation);
            }
        }
    }

    private static Content grown(Content content, long size, CrashKind kind) {
        return kind == CrashKind.LENGTH_ZERO
                ? content.resize(size)
                : content.write(content.size(), garbage(size, Math.toIntExact(size - content.size())));
    }
}
