// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.message.EpochMessage;
import io.paxos.message.EpochMessage.Place;
import io.paxos.message.EpochMessage.Section;
import io.paxos.model.DecreeName;
import io.paxos.model.RegisterName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this node's acceptors hold and its decisions, a page at a time, for whoever takes it over (rule 16). Undecided
 * decrees are told before the decided ones: what is decided between the two is among the latter then, and none is missed.
 */
final class Legacy {

    private final Decrees decrees;
    private final Registers registers;
    private final long start;
    private final int pageBytes;

    /**
     * Nothing told yet.
     *
     * @param start this start of this node, for the order of the decided decrees is that of one start
     * @param pageBytes how much one page carries at most; one that holds more than that has a page to itself
     */
    Legacy(Decrees decrees, Registers registers, long start, int pageBytes) {
        this.decrees = decrees;
        this.registers = registers;
        this.start = start;
        this.pageBytes = pageBytes;
    }

    /** A page, and where the next one begins, or null if this is the last. */
    record Part(List<EpochMessage.Held> held, @Nullable Place next) {}

    /** A page that is being filled. */
    private final class Filling {
        private final List<EpochMessage.Held> held = new ArrayList<>();
        private long bytes;

        /** Adds it if there is room, or if it is the first, for whoever asks has to come further. */
        boolean add(EpochMessage.Held one) {
            if (!held.isEmpty() && bytes + one.weight() > pageBytes) {
                return false;
            }
            held.add(one);
            bytes += one.weight();
            return true;
        }
    }

    /** The page that begins at a place. */
    Part read(Place from) {
        Filling page = new Filling();
        Place next =
                switch (from.section()) {
                    case UNDECIDED -> undecided(from.after(), page);
                    case REGISTERS -> registers(from.after(), page);
                    case DECIDED -> decided(from, page);
                };
        return new Part(page.held, next);
    }

    private Place undecided(String after, Filling page) {
        String last = after;
        EpochMessage.Undecided next = decrees.next(last.isEmpty() ? null : new DecreeName(last));
        while (next != null) {
            if (!page.add(next)) {
                return new Place(Section.UNDECIDED, last, 0, 0);
            }
            last = next.name().name();
            next = decrees.next(next.name());
        }
        return new Place(Section.REGISTERS, "", 0, 0);
    }

    private Place registers(String after, Filling page) {
        String last = after;
        EpochMessage.OfRegister next = registers.next(last.isEmpty() ? null : new RegisterName(last));
        while (next != null) {
            if (!page.add(next)) {
                return new Place(Section.REGISTERS, last, 0, 0);
            }
            last = next.name().name();
            next = registers.next(next.name());
        }
        return new Place(Section.DECIDED, "", 0, 0);
    }

    private @Nullable Place decided(Place from, Filling page) {
        // A position that another start gave out says nothing about the order of this one.
        long position = from.start() == start ? from.position() : 0;
        long next = decrees.read(position, page::add);
        return next < 0 ? null : new Place(Section.DECIDED, "", start, next);
    }
}
