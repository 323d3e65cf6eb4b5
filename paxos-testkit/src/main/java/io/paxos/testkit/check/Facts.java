// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Event;
import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.Message;
import io.paxos.message.RegisterMessage;
import io.paxos.model.DecreeName;
import io.paxos.model.EpochMark;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.RegisterName;
import io.paxos.model.Value;
import io.paxos.quorum.QuorumSystem;
import io.paxos.single.SingleMessage;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an all-seeing observer of a run knows: every durable vote, every proposal, every call. What is chosen is found
 * out here by counting, never by asking a node.
 */
public final class Facts {

    private final FormationFacts formation;
    private final SortedMap<GroupId, LogFacts> logs = new TreeMap<>();
    private final SortedMap<DecreeName, DecreeFacts> decrees = new TreeMap<>();
    private final SortedMap<RegisterName, DecreeFacts> registers = new TreeMap<>();
    private final SortedMap<GroupId, List<Execution>> executions = new TreeMap<>();
    private final Map<NodeView, Map<GroupId, Integer>> executed = new HashMap<>();
    private final Map<Long, Call> calls = new HashMap<>();
    private final Set<Start> starts = new HashSet<>();
    private final List<DurableState> stores = new ArrayList<>();
    private final Set<Integer> lost = new HashSet<>();
    private final EpochFacts epochs;
    private final ChosenListener listener;
    private final int alpha;
    private final Set<GroupId> changeable = new HashSet<>();
    private boolean leadersReadmit;
    private int openChanges;

    Facts(Function<Set<NodeId>, QuorumSystem> quorums, int alpha, ChosenListener listener) {
        this.alpha = alpha;
        this.formation = new FormationFacts(quorums);
        this.epochs = new EpochFacts(formation, logs, stores);
        this.listener = listener;
    }

    /** Who is told when something is found chosen. */
    interface ChosenListener {
        void slotChosen(GroupId group, long slot, Choice<Value> choice, Choice.Ballotted<Value> proposal);

        void decreeChosen(DecreeName name, Choice<Payload> choice, Choice.Ballotted<Payload> proposal);

        void registerChosen(RegisterName name, Choice<Payload> choice, Choice.Ballotted<Payload> proposal);
    }

    private record Start(NodeId node, long nonce) {}

    /**
     * Bindings and the formed vector.
     *
     * @return the facts of the formation
     */
    public FormationFacts formation() {
        return formation;
    }

    /**
     * Who votes on decrees and registers.
     *
     * @return the facts of the epochs
     */
    public EpochFacts epochs() {
        return epochs;
    }

    /**
     * The facts of a log.
     *
     * @param group the log
     * @return its facts, empty if nothing happened
     */
    public LogFacts log(GroupId group) {
        return logs.computeIfAbsent(group, g -> new LogFacts(formation, EpochFacts.alpha(g, alpha)));
    }

    /**
     * Every log in which anything happened.
     *
     * @return the live view, in order
     */
    public SortedMap<GroupId, LogFacts> logs() {
        return Collections.unmodifiableSortedMap(logs);
    }

    /**
     * The facts of a decree.
     *
     * @param name the decree
     * @return its facts, empty if nothing happened
     */
    public DecreeFacts decree(DecreeName name) {
        return decrees.computeIfAbsent(name, n -> new DecreeFacts());
    }

    /**
     * Every decree about which anything happened.
     *
     * @return the live view, in order
     */
    public SortedMap<DecreeName, DecreeFacts> decrees() {
        return Collections.unmodifiableSortedMap(decrees);
    }

    /**
     * The facts of a register: the same as of a decree, but that one proposal after another is chosen.
     *
     * @param name the register
     * @return its facts, empty if nothing happened
     */
    public DecreeFacts register(RegisterName name) {
        return registers.computeIfAbsent(name, n -> new DecreeFacts());
    }

    /**
     * Every register about which anything happened.
     *
     * @return the live view, in order
     */
    public SortedMap<RegisterName, DecreeFacts> registers() {
        return Collections.unmodifiableSortedMap(registers);
    }

    /**
     * What was executed of a log, in order, by whichever replica came first.
     *
     * @param group the log
     * @return the live list, not to be changed
     */
    public List<Execution> executions(GroupId group) {
        return executions.computeIfAbsent(group, g -> new ArrayList<>());
    }

    /**
     * How many commands of a log one start of a node has executed.
     *
     * @param node the start of the node
     * @param group the log
     * @return the number of commands
     */
    public int executed(NodeView node, GroupId group) {
        return executed.getOrDefault(node, Map.of()).getOrDefault(group, 0);
    }

    /**
     * How many commands of a log were executed up to a slot.
     *
     * @param group the log
     * @param slot the slot
     * @return the number of commands, as far as some replica has come
     */
    public int executedUpTo(GroupId group, long slot) {
        List<Execution> all = executions(group);
        int low = 0;
        int high = all.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (all.get(middle).context().slot() <= slot) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * A call by its number.
     *
     * @param number the number
     * @return the call, or null if none has it
     */
    public @Nullable Call call(long number) {
        return calls.get(number);
    }

    /**
     * Whether a node was ever started with this nonce.
     *
     * @param node the node
     * @param nonce the nonce
     * @return true if it was
     */
    public boolean wasStarted(NodeId node, long nonce) {
        return starts.contains(new Start(node, nonce));
    }

    /**
     * Every store of the run, the lost ones included.
     *
     * @return the live list, by index
     */
    public List<DurableState> stores() {
        return Collections.unmodifiableList(stores);
    }

    /**
     * Whether a store has been destroyed.
     *
     * @param store its number
     * @return true if it is gone for ever
     */
    public boolean isLost(int store) {
        return lost.contains(store);
    }

    void created(DurableState store) {
        if (stores.size() != store.index() || store.index() >= Long.SIZE) {
            throw new IllegalArgumentException("stores are numbered from 0 and at most 64, but " + store.index()
                    + " comes after " + stores.size());
        }
        stores.add(store);
        formation.created(store);
    }

    /** What an old copy of a store has accepted, it has accepted, though it counts nowhere. */
    void copied(DurableState copy) {
        created(copy);
        copy.forEachAccepted(
                (group, slot, proposal) -> log(group)
                        .slot(slot)
                        .propose(proposal.ballot(), proposal.value())
                        .accept(copy.index()),
                (name, proposal) -> decree(name)
                        .choice()
                        .propose(proposal.ballot(), proposal.value())
                        .accept(copy.index()),
                (name, proposal) -> register(name)
                        .choice()
                        .propose(proposal.ballot(), proposal.value())
                        .accept(copy.index()));
    }

    void lose(DurableState store) {
        lost.add(store.index());
    }

    void started(NodeView node) {
        starts.add(new Start(node.self().node(), node.self().start()));
    }

    void called(Call call) {
        calls.put(call.request().number(), call);
        if (call.event() instanceof Event.Reconfigure change) {
            changeable.add(change.group());
        }
    }

    void executed(NodeView node, GroupId group, Execution execution) {
        int before = executed(node, group);
        if (before == executions(group).size()) {
            executions(group).add(execution);
        }
        executed.computeIfAbsent(node, n -> new HashMap<>()).put(group, before + 1);
    }

    /** Whoever opens the log again executes it from the beginning. */
    void closed(NodeView node, GroupId group) {
        executed.getOrDefault(node, new HashMap<>()).remove(group);
    }

    void restored(NodeView node, GroupId group, long slot) {
        executed.computeIfAbsent(node, n -> new HashMap<>()).merge(group, executedUpTo(group, slot), Math::max);
    }

    void sent(NodeView node, Envelope envelope) {
        Message message = Spoken.of(envelope);
        if (message instanceof GroupMessage m && m.body() instanceof LogMessage.Promise promise && promise.last()) {
            // That it is durable is for another check to see.
            log(m.group()).promised(node.durable().index(), promise.ballot());
        }
        if (message instanceof GroupMessage m && m.body() instanceof LogMessage.Accept accept) {
            LogFacts log = log(m.group());
            long slot = accept.first();
            for (Value value : accept.values()) {
                mightChange(log, value);
                log.slot(slot++).propose(accept.ballot(), value);
            }
        } else if (message instanceof GroupMessage m && m.body() instanceof LogMessage.Forward forward) {
            forward.values().forEach(value -> mightChange(log(m.group()), value));
        } else if (message instanceof DecreeMessage.Step m) {
            DecreeFacts decree = decree(m.name());
            Choice.Ballotted<Payload> proposal = said(node, envelope, m.body(), decree);
            if (proposal != null) {
                countDecree(m.name(), decree.choice(), proposal);
            }
        } else if (message instanceof RegisterMessage.Step m) {
            DecreeFacts register = register(m.name());
            Choice.Ballotted<Payload> proposal = said(node, envelope, m.body(), register);
            if (proposal != null) {
                countRegister(m.name(), register.choice(), proposal);
            }
        }
    }

    /** Whoever took a promise or a proposal over may give it once it votes at all; then it need not write it again. */
    private static Choice.@Nullable Ballotted<Payload> said(
            NodeView node, Envelope envelope, SingleMessage body, DecreeFacts facts) {
        if (body instanceof SingleMessage.Accept accept) {
            facts.choice().propose(accept.ballot(), accept.value());
        } else if (body instanceof SingleMessage.Promise promise) {
            facts.promised(node.durable().index(), promise.ballot());
        } else if (body instanceof SingleMessage.Accepted accepted) {
            Choice.Ballotted<Payload> proposal = facts.choice().at(accepted.ballot());
            if (proposal != null && proposal.acceptedBy(node.durable().index())) {
                votes(node, proposal, Spoken.epoch(envelope));
                return proposal;
            }
        }
        return null;
    }

    private static void mightChange(LogFacts log, Value value) {
        if (value instanceof Value.Reconfigure change) {
            log.mightBecome(change.next());
        }
    }

    /**
     * Whether these stores can do all that there is to be done: whoever governs slots of any log that are not decided yet,
     * or might come to by a change that is under way, and the decrees, have a quorum for both phases among them.
     *
     * @param stores one bit for each store
     * @return true if they suffice
     */
    public boolean suffices(long stores) {
        if (!formation.isPhase1(stores) || !formation.isPhase2(stores)) {
            return false;
        }
        return neededOfAll().allMatch(one -> one.suffices(stores));
    }

    /** All who are needed for anything: for the slots of some log, or for the decrees and registers of some epoch. */
    private Stream<Constituency> neededOfAll() {
        return Stream.concat(logs.values().stream().flatMap(log -> unretired(log).stream()), epochs.needed().stream());
    }

    /** Those who are needed still: an era is over when those of the next hold all that was chosen in it. */
    private List<Constituency> unretired(LogFacts log) {
        List<Constituency> needed = new ArrayList<>();
        List<Era> eras = log.eras();
        for (int i = eras.size() - 1; i >= 0; i--) {
            needed.add(eras.get(i).constituency());
            if (isHandedOver(log, eras.get(i))) {
                break;
            }
            if (i == 0 && formation.constituency() != null) {
                needed.add(formation.constituency());
            }
        }
        log.possible().forEach(next -> {
            if (formation.isTenable(next.voters().voters().keySet())) {
                needed.add(formation.constituency(next.voters()));
            }
        });
        return needed;
    }

    /** Whether it ever was: of those who held it then, one is among any quorum of those who are left. */
    private boolean isHandedOver(LogFacts log, Era era) {
        for (Map.Entry<GroupId, LogFacts> entry : logs.entrySet()) {
            if (entry.getValue() == log) {
                return era.constituency().isPhase2(everHolding(entry.getKey(), era.from() - 1));
            }
        }
        return false;
    }

    /**
     * The stores that durably hold all that was decided up to a slot, or did when they were lost.
     *
     * @param group the log
     * @param slot the slot
     * @return one bit for each store
     */
    public long everHolding(GroupId group, long slot) {
        long hold = 0;
        for (DurableState store : stores) {
            if (store.log(group).decided() >= slot) {
                hold |= 1L << store.index();
            }
        }
        return hold;
    }

    /**
     * Whether the cluster could still do all its work if these stores were lost.
     *
     * @param gone one bit for each store
     * @return true if the rest suffices, whatever changes of membership are under way
     */
    public boolean survivesLossOf(long gone) {
        if (!formation.survivesLossOf(gone) || changesAreOpen()) {
            return false;
        }
        return neededOfAll().allMatch(one -> one.suffices(~gone));
    }

    /**
     * Whether anybody ever asked for a change of membership of a log, or leaders make some of their own accord.
     *
     * @param group the log
     * @return true if somebody did, or they do
     */
    public boolean wasAskedToChange(GroupId group) {
        return changeable.contains(group) || leadersReadmit;
    }

    /** From now on leaders may have voters counted by the stores they came back with, with nobody asked. */
    public void leadersReadmit() {
        leadersReadmit = true;
    }

    /**
     * Whether the membership of any log was ever changed, or might be.
     *
     * @return true if somebody asked for it
     */
    public boolean hasChanged() {
        return changesAreOpen()
                || logs.values().stream()
                        .anyMatch(log -> log.version() > 0 || !log.possible().isEmpty());
    }

    /**
     * Whether a store votes, or might come to, in any log or in the decrees.
     *
     * @param store its number
     * @return true if it is of use
     */
    public boolean isVoter(int store) {
        return formation.isVoter(store) || neededOfAll().anyMatch(one -> one.isVoter(store));
    }

    /**
     * Whether a store votes by the newest configuration of some log.
     *
     * @param store its number
     * @return true if it does
     */
    public boolean votesByTheNewest(int store) {
        return logs.values().stream()
                .map(log -> log.governing(Long.MAX_VALUE))
                .anyMatch(newest -> newest != null && newest.isVoter(store));
    }

    /**
     * Whether a change of membership has been asked for of which nobody knows yet what it will come to.
     *
     * @return true if somebody might still propose one
     */
    public boolean changesAreOpen() {
        return openChanges > 0;
    }

    /**
     * A change of membership has been asked for, or that has been answered or given up.
     *
     * @param more 1 or −1
     */
    public void changeCalls(int more) {
        openChanges += more;
    }

    void wrote(NodeView node, Write write) {
        int store = node.durable().index();
        if (write instanceof Write.AcceptWrite w) {
            LogFacts log = log(w.group());
            long slot = w.first();
            for (Value value : w.values()) {
                Choice<Value> choice = log.slot(slot);
                Choice.Ballotted<Value> proposal = choice.propose(w.ballot(), value);
                proposal.accept(store);
                countSlot(w.group(), log, slot, choice, proposal);
                slot++;
            }
            countMore(w.group(), log);
        } else if (write instanceof Write.DecreeWrite w) {
            DecreeFacts decree = decree(w.name());
            if (node.durable().formation().mark().isReady()) {
                decree.promised(store, w.promised());
            }
            if (w.accepted() != null) {
                Choice.Ballotted<Payload> proposal = decree.choice()
                        .propose(w.accepted().ballot(), w.accepted().value());
                holds(node, proposal);
                countDecree(w.name(), decree.choice(), proposal);
            }
        } else if (write instanceof Write.RegisterWrite w) {
            DecreeFacts register = register(w.name());
            if (node.durable().formation().mark().isReady()) {
                register.promised(store, w.promised());
            }
            if (w.accepted() != null) {
                Choice.Ballotted<Payload> proposal = register.choice()
                        .propose(w.accepted().ballot(), w.accepted().value());
                holds(node, proposal);
                countRegister(w.name(), register.choice(), proposal);
            }
        } else if (write instanceof Write.FormationWrite w) {
            if (w.bound() != null) {
                formation.bound(store, w.bound());
            }
            if (w.formed() != null && !w.formed().equals(formation.formed())) {
                formation.form(w.formed());
                recount();
            }
        }
    }

    /** What a member of a later epoch takes over before it votes there is no vote, also where it is written again. */
    private static void holds(NodeView node, Choice.Ballotted<Payload> proposal) {
        int store = node.durable().index();
        EpochMark mark = node.durable().formation().mark();
        if (!mark.isReady()) {
            proposal.takeOver(store);
        } else if (!proposal.acceptedBy(store)) {
            votes(node, proposal, mark.epoch());
        }
    }

    private static void votes(NodeView node, Choice.Ballotted<Payload> proposal, long epoch) {
        if (!proposal.accept(node.durable().index(), epoch)) {
            throw new Violation(
                    "one epoch for each ballot",
                    node.self().node() + " votes in epoch " + epoch + " for " + proposal
                            + ", which was voted for in epoch " + proposal.epoch());
        }
    }

    private void countSlot(
            GroupId group, LogFacts log, long slot, Choice<Value> choice, Choice.Ballotted<Value> proposal) {
        Constituency governing = log.isCountable(slot) ? log.governing(slot) : null;
        if (governing != null && governing.isPhase2(proposal.votes()) && proposal.countAsChosen()) {
            choice.choose(proposal);
            log.advance();
            listener.slotChosen(group, slot, choice, proposal);
        }
    }

    /** What more is chosen says who governs more slots, whose votes can be counted then. */
    private void countMore(GroupId group, LogFacts log) {
        for (long slot = log.nextCountable(); slot > 0; slot = log.nextCountable()) {
            Choice<Value> choice = log.slot(slot);
            for (Choice.Ballotted<Value> proposal : List.copyOf(choice.proposals())) {
                countSlot(group, log, slot, choice, proposal);
            }
        }
    }

    private void countDecree(DecreeName name, Choice<Payload> choice, Choice.Ballotted<Payload> proposal) {
        if (isChosen(proposal)) {
            choice.choose(proposal);
            listener.decreeChosen(name, choice, proposal);
        }
    }

    private void countRegister(RegisterName name, Choice<Payload> choice, Choice.Ballotted<Payload> proposal) {
        if (isChosen(proposal)) {
            choice.choose(proposal);
            listener.registerChosen(name, choice, proposal);
        }
    }

    private boolean isChosen(Choice.Ballotted<Payload> proposal) {
        Constituency voters = epochs.electorate(proposal.epoch());
        return voters != null && voters.isPhase2(proposal.votes()) && proposal.countAsChosen();
    }

    /** Votes that became durable before the observer knew whose votes count are counted now. */
    private void recount() {
        logs.forEach((group, log) -> {
            log.countAnew();
            countMore(group, log);
        });
        decrees.forEach((name, decree) -> {
            for (Choice.Ballotted<Payload> proposal :
                    List.copyOf(decree.choice().proposals())) {
                countDecree(name, decree.choice(), proposal);
            }
        });
        registers.forEach((name, register) -> {
            for (Choice.Ballotted<Payload> proposal :
                    List.copyOf(register.choice().proposals())) {
                countRegister(name, register.choice(), proposal);
            }
        });
    }

    /**
     * Whether anything at all is known to be chosen.
     *
     * @return true if some slot or decree is
     */
    public boolean anythingChosen() {
        for (LogFacts log : logs.values()) {
            if (log.chosenUpTo() > 0) {
                return true;
            }
        }
        return anythingChosen(decrees.values()) || anythingChosen(registers.values());
    }

    private static boolean anythingChosen(Collection<DecreeFacts> names) {
        for (DecreeFacts name : names) {
            if (name.chosen() != null) {
                return true;
            }
        }
        return false;
    }
}
