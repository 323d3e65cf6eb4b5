// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.message.Envelope;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.RegisterName;
import io.paxos.model.Value;
import io.paxos.quorum.QuorumSystem;
import io.paxos.replica.MachineConfig;
import io.paxos.spi.Write;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Shows everything that happens in a run to every check, and then adds it to the facts. */
public final class Judge {

    private Check[] checks;
    private final List<String> properties;
    private final Facts facts;

    /**
     * A judge of one run.
     *
     * @param quorums the quorum system of the cluster
     * @param checks what must hold
     */
    public Judge(Function<Set<NodeId>, QuorumSystem> quorums, List<Check> checks) {
        this(quorums, MachineConfig.DEFAULT_ALPHA, checks);
    }

    /**
     * A judge of one run.
     *
     * @param quorums makes the quorum system of given voters
     * @param alpha how many slots behind the one that decides it a change of membership governs
     * @param checks what must hold
     */
    public Judge(Function<Set<NodeId>, QuorumSystem> quorums, int alpha, List<Check> checks) {
        this.checks = checks.toArray(Check[]::new);
        this.properties = checks.stream().map(Check::property).distinct().toList();
        this.facts = new Facts(quorums, alpha, new Facts.ChosenListener() {
            @Override
            public void slotChosen(GroupId group, long slot, Choice<Value> choice, Choice.Ballotted<Value> proposal) {
                chosen(group, slot, choice, proposal);
            }

            @Override
            public void decreeChosen(DecreeName name, Choice<Payload> choice, Choice.Ballotted<Payload> proposal) {
                chosen(name, choice, proposal);
            }

            @Override
            public void registerChosen(RegisterName name, Choice<Payload> choice, Choice.Ballotted<Payload> proposal) {
                chosen(name, choice, proposal);
            }
        });
    }

    private void chosen(RegisterName name, Choice<Payload> choice, Choice.Ballotted<Payload> proposal) {
        for (Check check : checks) {
            check.registerChosen(facts, name, choice, proposal);
        }
    }

    private void chosen(GroupId group, long slot, Choice<Value> choice, Choice.Ballotted<Value> proposal) {
        for (Check check : checks) {
            check.slotChosen(facts, group, slot, choice, proposal);
        }
    }

    private void chosen(DecreeName name, Choice<Payload> choice, Choice.Ballotted<Payload> proposal) {
        for (Check check : checks) {
            check.decreeChosen(facts, name, choice, proposal);
        }
    }

    /**
     * What is held, each property once.
     *
     * @return the properties of the checks with which this began, in their order
     */
    public List<String> properties() {
        return properties;
    }

    /**
     * All that is known.
     *
     * @return the live facts
     */
    public Facts facts() {
        return facts;
    }

    /**
     * Shows everything from now on to one more check, after the others.
     *
     * @param check what watches too
     */
    public void admit(Check check) {
        checks = Arrays.copyOf(checks, checks.length + 1);
        checks[checks.length - 1] = check;
    }

    /**
     * A store has been created.
     *
     * @param store the store
     */
    public void created(DurableState store) {
        facts.created(store);
    }

    /**
     * A copy of a store has been put in its place.
     *
     * @param copy the copy, which counts nowhere
     */
    public void copied(DurableState copy) {
        facts.copied(copy);
    }

    /**
     * A node says that it is not counted any more.
     *
     * @param node the node
     * @param turned what it says
     */
    public void turnedStranger(NodeView node, Effect.TurnedStranger turned) {
        for (Check check : checks) {
            check.turnedStranger(facts, node, turned);
        }
    }

    /**
     * A store has been destroyed.
     *
     * @param store the store
     */
    public void lost(DurableState store) {
        facts.lose(store);
    }

    /**
     * A node starts.
     *
     * @param node the start of the node
     */
    public void started(NodeView node) {
        facts.started(node);
    }

    /**
     * A start of a node is over.
     *
     * @param node the start of the node
     */
    public void stopped(NodeView node) {
        for (Check check : checks) {
            check.stopped(facts, node);
        }
    }

    /**
     * A node takes no part in a log any more, and nothing of that runs there.
     *
     * @param node the start of the node
     * @param group the log
     */
    public void closed(NodeView node, GroupId group) {
        for (Check check : checks) {
            check.closed(facts, node, group);
        }
        facts.closed(node, group);
    }

    /**
     * A write becomes durable. This adds it to the store.
     *
     * @param node whose write it is
     * @param write the write
     */
    public void write(NodeView node, Write write) {
        for (Check check : checks) {
            check.writing(facts, node, write);
        }
        node.durable().apply(write);
        facts.wrote(node, write);
    }

    /**
     * A message leaves.
     *
     * @param node the sender
     * @param envelope the message
     */
    public void sent(NodeView node, Envelope envelope) {
        for (Check check : checks) {
            check.sending(facts, node, envelope);
        }
        facts.sent(node, envelope);
    }

    /**
     * A message arrives.
     *
     * @param node the receiver
     * @param envelope the message
     */
    public void received(NodeView node, Envelope envelope) {
        for (Check check : checks) {
            check.receiving(facts, node, envelope);
        }
    }

    /**
     * A node has taken in a tick.
     *
     * @param node the node
     */
    public void ticked(NodeView node) {
        for (Check check : checks) {
            check.ticked(facts, node);
        }
    }

    /**
     * A node hands decided values to its host.
     *
     * @param node the node
     * @param apply the values
     */
    public void applying(NodeView node, Effect.Apply apply) {
        for (Check check : checks) {
            check.applying(facts, node, apply);
        }
    }

    /**
     * A node asks its host to install a snapshot.
     *
     * @param node the node
     * @param install the snapshot
     */
    public void installing(NodeView node, Effect.Install install) {
        for (Check check : checks) {
            check.installing(facts, node, install);
        }
    }

    /**
     * A replica has installed a snapshot.
     *
     * @param node the node
     * @param group the log
     * @param restoration where it stood and where it stands
     */
    public void restored(NodeView node, GroupId group, Restoration restoration) {
        for (Check check : checks) {
            check.restored(facts, node, group, restoration);
        }
        facts.restored(node, group, restoration.slot());
    }

    /**
     * A snapshot becomes durable. This adds it to the store.
     *
     * @param node whose snapshot it is
     * @param group the log
     * @param snapshot the snapshot
     */
    public void stored(NodeView node, GroupId group, StoredSnapshot snapshot) {
        for (Check check : checks) {
            check.storing(facts, node, group, snapshot);
        }
        node.durable().snapshot(group, snapshot);
    }

    /**
     * A replica has executed a command.
     *
     * @param node the node
     * @param group the log
     * @param execution command and result
     */
    public void executed(NodeView node, GroupId group, Execution execution) {
        for (Check check : checks) {
            check.executing(facts, node, group, execution);
        }
        facts.executed(node, group, execution);
    }

    /**
     * A caller calls.
     *
     * @param call the call
     */
    public void called(Call call) {
        for (Check check : checks) {
            check.calling(facts, call);
        }
        facts.called(call);
    }

    /**
     * A node answers.
     *
     * @param node the node
     * @param respond its answer
     * @return the call that is answered
     */
    public Call answered(NodeView node, Effect.Respond respond) {
        Call call = facts.call(respond.request().number());
        if (call == null || call.node() != node) {
            throw Check.violation(OneAnswer.PROPERTY, node, "answered what it was not asked: ", respond);
        }
        Outcome outcome = respond.outcome();
        for (Check check : checks) {
            check.answering(facts, call, outcome);
        }
        call.answer(outcome);
        return call;
    }

    /**
     * A node says that the cluster has formed.
     *
     * @param node the node
     * @param formed what it says
     */
    public void formed(NodeView node, Effect.Formed formed) {
        for (Check check : checks) {
            check.formed(facts, node, formed);
        }
    }

    /**
     * A node says that it leads a log, or does no more.
     *
     * @param node the node
     * @param change what it says
     */
    public void leadershipChanged(NodeView node, Effect.LeadershipChanged change) {
        for (Check check : checks) {
            check.leadershipChanged(facts, node, change);
        }
    }

    /**
     * A node says that a decree is decided.
     *
     * @param node the node
     * @param decided what it says
     */
    public void decreeDecided(NodeView node, Effect.DecreeDecided decided) {
        for (Check check : checks) {
            check.decreeDecided(facts, node, decided);
        }
    }

    /**
     * The run is over.
     *
     * @throws Violation if what can be said only now does not hold
     */
    public void finished() {
        for (Check check : checks) {
            check.finished();
        }
    }
}
