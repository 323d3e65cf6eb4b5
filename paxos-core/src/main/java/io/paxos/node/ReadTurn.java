// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Outcome;
import io.paxos.model.GroupId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** A read of a log on its way to its turn: runs the query and completes the future, and tells meters how long that took. */
final class ReadTurn<S, T> implements GroupApplier.Query, Call.Answer {

    private final CallDoor door;
    private final GroupHandle group;
    private final NodeMeter.ReadGuarantee guarantee;
    private final S state;
    private final Function<? super S, T> query;
    private final CompletableFuture<T> future;
    private final boolean isMetered;
    private final long begun;

    /** The caller reads now. */
    ReadTurn(
            CallDoor door,
            GroupHandle group,
            NodeMeter.ReadGuarantee guarantee,
            S state,
            Function<? super S, T> query) {
        this.door = door;
        this.group = group;
        this.guarantee = guarantee;
        this.state = state;
        this.query = query;
        this.future = door.newFuture();
        this.isMetered = door.metering().isOn();
        this.begun = isMetered ? System.nanoTime() : 0;
    }

    /** What meters call a guarantee. */
    static NodeMeter.ReadGuarantee guarantee(Consistency how) {
        if (how instanceof Consistency.Lease) {
            return NodeMeter.ReadGuarantee.LEASE;
        }
        if (how instanceof Consistency.AtLeast) {
            return NodeMeter.ReadGuarantee.AT_LEAST;
        }
        if (how instanceof Consistency.Bounded) {
            return NodeMeter.ReadGuarantee.BOUNDED;
        }
        return how instanceof Consistency.Local ? NodeMeter.ReadGuarantee.LOCAL : NodeMeter.ReadGuarantee.LINEARIZABLE;
    }

    CompletableFuture<T> future() {
        return future;
    }

    /** The replica has come as far as the read asked for, and the query waits for its turn; or it never will. */
    @Override
    public void take(Outcome outcome, Executor callbacks) {
        if (outcome instanceof Outcome.Current) {
            group.applier().ask(this);
        } else {
            ended(false);
            callbacks.execute(() -> future.completeExceptionally(PaxosException.of(outcome)));
        }
    }

    @Override
    public void run() {
        T value;
        try {
            value = query.apply(state);
        } catch (RuntimeException | Error e) {
            ended(true);
            door.callbacks().fail(future, e);
            return;
        }
        ended(true);
        door.callbacks().complete(future, () -> value);
    }

    @Override
    public void refuse(Outcome.Refused refusal) {
        ended(false);
        door.callbacks().fail(future, PaxosException.of(refusal));
    }

    private void ended(boolean isAnswered) {
        if (isMetered) {
            GroupId log = group.id();
            long nanos = System.nanoTime() - begun;
            door.metering().tell(meter -> meter.readEnded(log, guarantee, isAnswered, nanos));
        }
    }
}
