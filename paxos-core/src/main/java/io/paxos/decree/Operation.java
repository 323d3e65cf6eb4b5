// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.Outcome;
import io.paxos.event.RegisterChange;
import io.paxos.event.RequestId;
import io.paxos.model.Ballot;
import io.paxos.model.Payload;
import io.paxos.model.RegisterName;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One call about a register that waits for its answer, and under which ballots its change was proposed so far. */
final class Operation implements Asked {

    /** After so many proposals of which none is known to be chosen a change is given up; what each made is remembered. */
    static final int MOST_PROPOSALS = 64;

    private final RequestId id;
    private final RegisterName name;
    private final @Nullable RegisterChange change;
    private final SortedMap<Ballot, Optional<Payload>> proposals = new TreeMap<>();

    /** @param change what is to be made of the value, or null to read it */
    Operation(RequestId id, RegisterName name, @Nullable RegisterChange change) {
        this.id = id;
        this.name = name;
        this.change = change;
    }

    @Override
    public RequestId id() {
        return id;
    }

    @Override
    public RegisterName name() {
        return name;
    }

    @Nullable
    RegisterChange change() {
        return change;
    }

    boolean isRead() {
        return change == null;
    }

    @Override
    public int valueBytes() {
        if (change instanceof RegisterChange.Assign assign) {
            return size(assign.next());
        }
        return change instanceof RegisterChange.CompareAndSet swap
                ? Math.max(size(swap.expected()), size(swap.next()))
                : 0;
    }

    @Override
    public long weight() {
        long values = valueBytes();
        if (change instanceof RegisterChange.CompareAndSet swap) {
            values = (long) size(swap.expected()) + size(swap.next());
        }
        return name.name().length() + values;
    }

    private static int size(@Nullable Payload value) {
        return value == null ? 0 : value.size();
    }

    /** Its change is proposed at this ballot: from now on it may be made. */
    void proposing(Ballot ballot, @Nullable Payload next) {
        proposals.put(ballot, Optional.ofNullable(next));
    }

    /** Whether nothing more can be remembered of it. */
    boolean isWornOut() {
        return proposals.size() >= MOST_PROPOSALS;
    }

    /** Whether this ballot proposed its change. */
    boolean proposedAt(@Nullable Ballot ballot) {
        return ballot != null && proposals.containsKey(ballot);
    }

    /** What it proposed at a ballot; only of one at which it did. */
    Outcome changedAt(Ballot ballot) {
        return new Outcome.Changed(
                proposals.getOrDefault(ballot, Optional.empty()).orElse(null));
    }

    /** The lowest ballot at which it was proposed, or null if it never was. */
    @Nullable
    Ballot firstProposal() {
        return proposals.isEmpty() ? null : proposals.firstKey();
    }

    /** The highest ballot at which it was proposed, {@link Ballot#ZERO} if it never was. */
    Ballot lastProposal() {
        return proposals.isEmpty() ? Ballot.ZERO : proposals.lastKey();
    }

    /** A change that never was in an Accept is certainly without effect; every other may be found and finished by anyone. */
    @Override
    public Outcome givenUp(Outcome.Reason reason, String detail) {
        return proposals.isEmpty()
                ? new Outcome.Refused(reason, detail)
                : new Outcome.Unknown(detail + "; the change of register " + name
                        + " had been proposed and may be made yet: read it before you repeat it");
    }
}
