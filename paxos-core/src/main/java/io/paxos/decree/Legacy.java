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

    /** About so many bytes go into one page. */
    private static final int PAGE_BYTES = 64 << 10;

    private final Decrees decrees;
    private final Registers registers;
    private final long start;

    /** @param start this start of this node, for the order of the decided decrees is that of one start */
    Legacy(Decrees decrees, Registers registers, long start) {
        this.decrees = decrees;
        this.registers = registers;
        this.start = start;
    }

    /** A page, and where the next one begins, or null if this is the last. */
    record Part(List<EpochMessage.Held> held, @Nullable Place next) {}

    /** The page that begins at a place. */
    Part read(Place from) {
        List<EpochMessage.Held> held = new ArrayList<>();
        return switch (from.section()) {
            case UNDECIDED -> new Part(held, undecided(from.after(), held));
            case REGISTERS -> new Part(held, registers(from.after(), held));
            case DECIDED -> {
                long position = from.start() == start ? from.position() : 0;
                long next = decrees.read(position, PAGE_BYTES, held::add);
                yield new Part(held, next < 0 ? null : new Place(Section.DECIDED, "", start, next));
            }
        };
    }

    private Place undecided(String after, List<EpochMessage.Held> held) {
        long left = PAGE_BYTES;
        DecreeName name = after.isEmpty() ? null : new DecreeName(after);
        EpochMessage.Undecided next = decrees.next(name);
        while (next != null) {
            if (left <= 0 && name != null) {
                return new Place(Section.UNDECIDED, name.name(), 0, 0);
            }
            held.add(next);
            left -= next.weight();
            name = next.name();
            next = decrees.next(name);
        }
        return new Place(Section.REGISTERS, "", 0, 0);
    }

    private Place registers(String after, List<EpochMessage.Held> held) {
        long left = PAGE_BYTES;
        RegisterName name = after.isEmpty() ? null : new RegisterName(after);
        EpochMessage.OfRegister next = registers.next(name);
        while (next != null) {
            if (left <= 0 && name != null) {
                return new Place(Section.REGISTERS, name.name(), 0, 0);
            }
            held.add(next);
            left -= next.weight();
            name = next.name();
            next = registers.next(name);
        }
        return new Place(Section.DECIDED, "", 0, 0);
    }
}
