// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What acceptors hold of a register: its value, and by which ballots it was changed last. A change bears the ballot at
 * which it was proposed, for no ballot is used twice (rule 1); each state is made out of an earlier one, so whoever finds
 * the ballot of a proposal of its own in a state knows that this proposal is part of it.
 *
 * <p>One ballot is remembered for each start of a node, the last one, since a node has one change of a register under way
 * at a time; and those of at most {@link #MOST_CHANGES} starts. Of what had to be forgotten the highest ballot is
 * remembered: a proposal above it that is not listed is certainly not part of the state. Starts are told apart, not just
 * nodes, for two of one name may propose at once: the copy of a store is served as a stranger (rule 7).
 *
 * @param value the value, or null if there is none: none was ever set, or it was deleted
 * @param changes the last change of each start that is remembered, the latest one last; their ballots rise
 * @param forgotten every change that is part of the state and not listed, and not followed by a later change of its start,
 *     was made at a ballot up to here; {@link Ballot#ZERO} if there is none
 */
public record RegisterState(@Nullable Payload value, List<Ballot> changes, Ballot forgotten) {

    /** The last changes of so many starts of nodes are remembered. */
    public static final int MOST_CHANGES = 16;

    /** By so many bytes at most the encoded form is larger than the value. */
    public static final int MOST_OVERHEAD = 2 + (MOST_CHANGES + 1) * (2 * Long.BYTES + 1 + NodeId.MAX_LENGTH);

    /** Of a register that was never changed. */
    public static final RegisterState EMPTY = new RegisterState(null, List.of(), Ballot.ZERO);

    private static final int VERSION = 1;
    private static final int HAS_VALUE = 0x80;
    private static final int HAS_FORGOTTEN = 0x40;
    private static final int COUNT = 0x3f;

    /**
     * Copies the list and checks it.
     *
     * @throws IllegalArgumentException if there are too many changes, their ballots do not rise, or two are of one start
     */
    public RegisterState {
        changes = List.copyOf(changes);
        if (changes.size() > MOST_CHANGES) {
            throw new IllegalArgumentException(
                    "at most " + MOST_CHANGES + " changes are remembered, but there are " + changes.size());
        }
        Ballot last = Ballot.ZERO;
        for (int i = 0; i < changes.size(); i++) {
            Ballot change = changes.get(i);
            if (change.compareTo(last) <= 0
                    || lastBy(changes.subList(0, i), change.proposer(), change.start()) != null) {
                throw new IllegalArgumentException("the last changes of different starts rise, unlike " + changes);
            }
            last = change;
        }
    }

    /**
     * The state that a change makes of this one.
     *
     * @param by the ballot at which it is proposed, above every one listed
     * @param next the value it sets, or null if it takes the value away
     * @return the new state
     * @throws IllegalArgumentException if the ballot is not above the last one listed
     */
    public RegisterState changed(Ballot by, @Nullable Payload next) {
        List<Ballot> kept = new ArrayList<>(changes);
        kept.removeIf(change -> isOf(change, by.proposer(), by.start()));
        Ballot lost = forgotten;
        if (kept.size() == MOST_CHANGES) {
            lost = Ballot.max(lost, kept.remove(0));
        }
        kept.add(by);
        return new RegisterState(next, kept, lost);
    }

    /**
     * Checks that this state can have been proposed at a ballot: every change that is part of it was made at that ballot or
     * below. What a peer tells need not be so.
     *
     * @param ballot the ballot of the proposal whose value this state is
     * @throws IllegalArgumentException if a change lies above
     */
    public void requireProposableAt(Ballot ballot) {
        Ballot last = changes.isEmpty() ? forgotten : Ballot.max(forgotten, changes.get(changes.size() - 1));
        if (last.compareTo(ballot) > 0) {
            throw new IllegalArgumentException(
                    "a state proposed at ballot " + ballot + " cannot hold a change made at " + last);
        }
    }

    /**
     * The last change that a start of a node made.
     *
     * @param node the node
     * @param start the nonce of its start, as its ballots bear it
     * @return the ballot at which it was proposed, or null if none is remembered
     */
    public @Nullable Ballot lastBy(NodeId node, long start) {
        return lastBy(changes, node, start);
    }

    private static @Nullable Ballot lastBy(List<Ballot> changes, NodeId node, long start) {
        for (Ballot change : changes) {
            if (isOf(change, node, start)) {
                return change;
            }
        }
        return null;
    }

    private static boolean isOf(Ballot ballot, NodeId node, long start) {
        return ballot.start() == start && ballot.proposer().equals(node);
    }

    /**
     * Whether a change that was proposed at this ballot, and was not followed by another one of its start, would be listed
     * if it were part of this state.
     *
     * @param ballot where it was proposed
     * @return false if it may have been forgotten
     */
    public boolean wouldTell(Ballot ballot) {
        return ballot.compareTo(forgotten) > 0;
    }

    /**
     * The encoded form, in which acceptors hold it: a byte with the version; one with the number of changes and whether
     * there is a value and something forgotten; then what was forgotten, the changes, and the value.
     *
     * @return the bytes; equal for equal states
     */
    public Payload encode() {
        boolean forgot = !forgotten.isZero();
        int size = 2 + (value == null ? 0 : value.size()) + (forgot ? sizeOf(forgotten) : 0);
        for (Ballot change : changes) {
            size += sizeOf(change);
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put((byte) VERSION);
        out.put((byte) (changes.size() | (value == null ? 0 : HAS_VALUE) | (forgot ? HAS_FORGOTTEN : 0)));
        if (forgot) {
            write(forgotten, out);
        }
        changes.forEach(change -> write(change, out));
        if (value != null) {
            out.put(value.asByteBuffer());
        }
        return Payload.wrap(out.array());
    }

    /**
     * The state of some bytes.
     *
     * @param payload an encoded form
     * @return the state
     * @throws IllegalArgumentException if the bytes are not the encoded form of any state, or are of another version
     */
    public static RegisterState decode(Payload payload) {
        ByteBuffer in = payload.asByteBuffer();
        try {
            int version = in.get();
            if (version != VERSION) {
                throw new IllegalArgumentException("the state of a register has version " + version
                        + ", but this release reads version " + VERSION);
            }
            int head = in.get();
            Ballot forgotten = (head & HAS_FORGOTTEN) == 0 ? Ballot.ZERO : read(in);
            List<Ballot> changes = new ArrayList<>();
            for (int i = head & COUNT; i > 0; i--) {
                changes.add(read(in));
            }
            if ((head & HAS_VALUE) == 0) {
                if (in.hasRemaining()) {
                    throw new IllegalArgumentException(
                            in.remaining() + " bytes too many for a register without a value");
                }
                return new RegisterState(null, changes, forgotten);
            }
            byte[] value = new byte[in.remaining()];
            in.get(value);
            return new RegisterState(Payload.wrap(value), changes, forgotten);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("not the state of a register: " + payload, e);
        }
    }

    private static int sizeOf(Ballot ballot) {
        return 2 * Long.BYTES + 1 + ballot.proposer().name().length();
    }

    private static void write(Ballot ballot, ByteBuffer out) {
        byte[] name = ballot.proposer().name().getBytes(StandardCharsets.US_ASCII);
        out.putLong(ballot.round())
                .putLong(ballot.start())
                .put((byte) name.length)
                .put(name);
    }

    private static Ballot read(ByteBuffer in) {
        long round = in.getLong();
        long start = in.getLong();
        byte[] name = new byte[Byte.toUnsignedInt(in.get())];
        in.get(name);
        if (round == 0) {
            throw new IllegalArgumentException("nothing is proposed at ballot 0");
        }
        return new Ballot(round, new NodeId(new String(name, StandardCharsets.ISO_8859_1)), start);
    }

    @Override
    public String toString() {
        return (value == null ? "nothing" : value) + " by " + changes
                + (forgotten.isZero() ? "" : " after " + forgotten);
    }
}
