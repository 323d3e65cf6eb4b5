// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.message.Envelope;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Payload;
import io.paxos.model.RegisterName;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One property of a run. Everything that happens is shown to it, as it happens and before it has any consequence; it
 * throws {@link Violation} as soon as its property does not hold. One object watches one run. What a method is shown is
 * not yet among the facts unless it says so.
 */
public interface Check {

    /**
     * The property that this watches over.
     *
     * @return its name, as a {@link Violation} of it bears it; the name of the class unless overridden
     */
    default String property() {
        return getClass().getSimpleName();
    }

    /**
     * A write is about to become durable; {@link NodeView#durable()} still holds what was before.
     *
     * @param facts all that is known
     * @param node whose write it is; it may have crashed in this very moment
     * @param write the write
     */
    default void writing(Facts facts, NodeView node, Write write) {}

    /**
     * A message is put on the wire, or handed by a node to itself.
     *
     * @param facts all that is known
     * @param node the sender
     * @param envelope the message
     */
    default void sending(Facts facts, NodeView node, Envelope envelope) {}

    /**
     * A message is handed to a running node.
     *
     * @param facts all that is known
     * @param node the receiver
     * @param envelope the message
     */
    default void receiving(Facts facts, NodeView node, Envelope envelope) {}

    /**
     * A node has taken in a tick.
     *
     * @param facts all that is known
     * @param node the node
     */
    default void ticked(Facts facts, NodeView node) {}

    /**
     * A phase-2 quorum has durably accepted a proposal; the facts say so already.
     *
     * @param facts all that is known
     * @param group the log
     * @param slot the slot
     * @param choice all that happened in the slot
     * @param proposal the proposal that is chosen
     */
    default void slotChosen(
            Facts facts, GroupId group, long slot, Choice<Value> choice, Choice.Ballotted<Value> proposal) {}

    /**
     * A phase-2 quorum has durably accepted a proposal; the facts say so already.
     *
     * @param facts all that is known
     * @param name the decree
     * @param choice all that happened to it
     * @param proposal the proposal that is chosen
     */
    default void decreeChosen(
            Facts facts, DecreeName name, Choice<Payload> choice, Choice.Ballotted<Payload> proposal) {}

    /**
     * A phase-2 quorum has durably accepted a proposal; the facts say so already. Of a register one proposal after another
     * is chosen.
     *
     * @param facts all that is known
     * @param name the register
     * @param choice all that happened to it
     * @param proposal the proposal that is chosen
     */
    default void registerChosen(
            Facts facts, RegisterName name, Choice<Payload> choice, Choice.Ballotted<Payload> proposal) {}

    /**
     * A node hands decided values to its host.
     *
     * @param facts all that is known
     * @param node the node
     * @param apply the values
     */
    default void applying(Facts facts, NodeView node, Effect.Apply apply) {}

    /**
     * A node asks its host to put a snapshot in the place of what was executed.
     *
     * @param facts all that is known
     * @param node the node
     * @param install the snapshot
     */
    default void installing(Facts facts, NodeView node, Effect.Install install) {}

    /**
     * A replica has put a snapshot in the place of what it had executed.
     *
     * @param facts all that is known
     * @param node the node
     * @param group the log
     * @param restoration where it stood and where it stands
     */
    default void restored(Facts facts, NodeView node, GroupId group, Restoration restoration) {}

    /**
     * A snapshot is about to become durable; {@link NodeView#durable()} still holds the one before.
     *
     * @param facts all that is known
     * @param node whose snapshot it is; it may have crashed in this very moment
     * @param group the log
     * @param snapshot the snapshot, taken here or received
     */
    default void storing(Facts facts, NodeView node, GroupId group, StoredSnapshot snapshot) {}

    /**
     * A replica has executed a command.
     *
     * @param facts all that is known
     * @param node the node
     * @param group the log
     * @param execution command and result
     */
    default void executing(Facts facts, NodeView node, GroupId group, Execution execution) {}

    /**
     * A caller calls.
     *
     * @param facts all that is known
     * @param call the call
     */
    default void calling(Facts facts, Call call) {}

    /**
     * A node answers a call; {@link Call#outcome()} is still what it was before.
     *
     * @param facts all that is known
     * @param call the call
     * @param outcome the answer
     */
    default void answering(Facts facts, Call call, Outcome outcome) {}

    /**
     * A node says that the cluster has formed.
     *
     * @param facts all that is known
     * @param node the node
     * @param formed what it says
     */
    default void formed(Facts facts, NodeView node, Effect.Formed formed) {}

    /**
     * A node says that it is not counted any more.
     *
     * @param facts all that is known
     * @param node the node
     * @param turned what it says
     */
    default void turnedStranger(Facts facts, NodeView node, Effect.TurnedStranger turned) {}

    /**
     * A node says that it leads a log and has caught up, or that it leads no more.
     *
     * @param facts all that is known
     * @param node the node
     * @param change what it says
     */
    default void leadershipChanged(Facts facts, NodeView node, Effect.LeadershipChanged change) {}

    /**
     * A node says that a decree is decided.
     *
     * @param facts all that is known
     * @param node the node
     * @param decided what it says
     */
    default void decreeDecided(Facts facts, NodeView node, Effect.DecreeDecided decided) {}

    /**
     * A start of a node is over.
     *
     * @param facts all that is known
     * @param node the node
     */
    default void stopped(Facts facts, NodeView node) {}

    /**
     * A node takes no part in a log any more, and nothing of that runs there. If it is opened again, execution begins anew.
     *
     * @param facts all that is known
     * @param node the node
     * @param group the log
     */
    default void closed(Facts facts, NodeView node, GroupId group) {}

    /** The run is over. */
    default void finished() {}

    /**
     * Every check there is, fresh for one run.
     *
     * @param patienceTicks how many ticks a leader may go on that hears from no quorum
     * @param numbers reads out of the result of a command its number in the sequence of all, null if results do not tell
     * @return the checks
     */
    static List<Check> all(int patienceTicks, @Nullable ToLongFunction<Payload> numbers) {
        return List.of(
                new Addressing(),
                new NothingAboveItsLevel(),
                new OldCopiesAreQuiet(),
                new BallotOwnership(),
                new PhaseOneFirst(),
                new OneValuePerBallot(),
                new OnlyProposedValues(),
                new PromisesNeverGoBack(),
                new WireHonesty(),
                new OneFormation(),
                new FencingTokens(),
                new BackedByAll(),
                new WeakerReads(),
                new SettledForGood(),
                new OneChosenValue(),
                new ChangesGovern(),
                new DecidedIsChosen(),
                new NothingBelowCompaction(),
                new ForgottenIsCovered(),
                new ForgottenTakesNoVotes(),
                new SnapshotIsExecution(),
                new ExecutedInOrder(),
                new DecreeDecidedIsChosen(),
                new RegisterChain(),
                new SameAppliedSequence(),
                new AppliedOnce(),
                new OneAnswer(),
                new RealTimeOrder(),
                new CallersHistory(numbers),
                new LeaderHasQuorum(patienceTicks));
    }

    /**
     * Fails unless something holds.
     *
     * @param holds what must hold
     * @param property the property
     * @param node who did it, or null
     * @param evidence what shows that it does not; turned into text only then
     */
    static void require(boolean holds, String property, @Nullable NodeView node, @Nullable Object... evidence) {
        if (!holds) {
            throw violation(property, node, evidence);
        }
    }

    /**
     * A violation in words.
     *
     * @param property the property
     * @param node who did it, or null
     * @param evidence joined into one text
     * @return the exception, to be thrown
     */
    static Violation violation(String property, @Nullable NodeView node, @Nullable Object... evidence) {
        StringBuilder text = new StringBuilder();
        if (node != null) {
            text.append(node.self().node()).append(' ');
        }
        for (@Nullable Object part : evidence) {
            text.append(part);
        }
        return new Violation(property, text.toString());
    }
}
