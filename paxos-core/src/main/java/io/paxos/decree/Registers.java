// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RegisterChange;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.EpochMessage;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.Membership;
import io.paxos.model.RegisterName;
import io.paxos.quorum.QuorumSystem;
import io.paxos.spi.Write;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The registers of one node: values under names that can be changed, without a leader and without a log (Rystsov,
 * "CASPaxos", 2018). A change is made of the value that phase 1 finds, and proposed in phase 2. The acceptors are those of
 * the decrees, {@link io.paxos.single.Acceptor}; what differs is that nothing is ever decided for good, so nobody is told
 * anything and nothing happens to a register but what callers ask for. Calls made before the cluster has formed wait for
 * it; messages that come before are dropped.
 *
 * <p>A vote, and every answer to a question, leaves behind the write it speaks of. Time passes only by {@link #tick()}, and
 * a tick costs as much as is due. Every call is answered exactly once, by an {@link Effect.Respond}. Pure: no thread,
 * clock, I/O or randomness of its own. Not safe for use by several threads.
 */
public final class Registers {

    private final Self self;
    private final DecreeConfig config;
    private final RandomGenerator random;
    private final Outbox out;
    private final Agenda agenda = new Agenda();
    private final Acceptors<RegisterName> acceptors;
    private final Calls calls;
    private final Map<RequestId, Operation> beforeFormation = new LinkedHashMap<>();

    private @Nullable RegisterAssembly assembly;
    private @Nullable String stopped;

    /**
     * The registers with the memory of the store.
     *
     * @param self who this node is, for this start
     * @param config limits and intervals, the same as those of the decrees and counted apart from theirs
     * @param random seeded by the host; spreads retries
     * @param recovered the acceptors
     */
    public Registers(
            Self self, DecreeConfig config, RandomGenerator random, Map<RegisterName, Write.RegisterWrite> recovered) {
        this.self = self;
        this.config = config;
        this.random = random;
        this.out = new Outbox(self);
        this.acceptors = Acceptors.ofRegisters(recovered);
        this.calls = new Calls(config, out, agenda);
    }

    /**
     * The cluster has formed: begins with what has waited for it. To be called once.
     *
     * @param membership whose votes count
     * @param quorums how many suffice; over exactly the members
     * @param votes whether this node is one of them; if not, it proposes and asks, but never votes
     * @return the effects, to be carried out in order
     * @throws IllegalArgumentException if the quorums are not those of the members
     * @throws IllegalStateException if it was called before
     */
    public List<Effect> form(Membership membership, QuorumSystem quorums, boolean votes) {
        return form(membership, quorums, Fingerprint.of(membership, quorums.description()), votes);
    }

    /**
     * The same where the nodes have more in common than members and quorums.
     *
     * @param membership whose votes count
     * @param quorums how many suffice; over exactly the members
     * @param fingerprint what the nodes of this cluster have in common
     * @param votes whether this node is one of the members; if not, it proposes and asks, but never votes
     * @return the effects, to be carried out in order
     * @throws IllegalArgumentException if the quorums are not those of the members
     * @throws IllegalStateException if the cluster has formed before
     */
    public List<Effect> form(Membership membership, QuorumSystem quorums, Fingerprint fingerprint, boolean votes) {
        if (assembly != null) {
            throw new IllegalStateException("the cluster has formed before; it forms once");
        }
        Tenure first = Tenure.first(Electorate.of(membership, quorums), votes);
        out.form(fingerprint);
        if (!votes && membership.counts(self.endpoint())) {
            out.observe();
        }
        Questions questions = new Questions(first.electorate(), agenda, out, config);
        Means means = new Means(questions, new Ballots(self), agenda, config, random, self.start());
        RegisterAssembly formed = new RegisterAssembly(self, config, first, acceptors, calls, out, means);
        assembly = formed;
        List<Operation> waiting = List.copyOf(beforeFormation.values());
        beforeFormation.clear();
        waiting.forEach(formed::join);
        return out.drain();
    }

    /**
     * This node has been told that its store is not counted any more (rule 7). From now on it proposes and asks without
     * voting; what it had begun with votes of its own begins anew without them. To be called once, after {@link #form}.
     *
     * @return the effects, to be carried out in order
     */
    public List<Effect> observe() {
        if (assembly == null) {
            throw new IllegalStateException("the cluster has not formed");
        }
        out.observe();
        if (stopped == null) {
            assembly.observe();
        }
        return out.drain();
    }

    /** Votes and proposes in other epochs from now on (rule 16); only once the cluster has formed. */
    List<Effect> turnTo(Tenure tenure) {
        if (assembly != null && stopped == null) {
            assembly.turnTo(tenure);
        }
        return out.drain();
    }

    /** Takes over what another node held of a register (rule 16); only while this one does not vote. */
    List<Effect> takeOver(EpochMessage.OfRegister held) {
        Write write = acceptors.takeOver(held.name(), held.promised(), held.accepted());
        if (write != null) {
            out.write(write);
        }
        return out.drain();
    }

    /** The register behind a name, or null. */
    EpochMessage.@Nullable OfRegister next(@Nullable RegisterName after) {
        RegisterName name = acceptors.next(after);
        return name == null
                ? null
                : new EpochMessage.OfRegister(name, acceptors.promised(name), acceptors.accepted(name));
    }

    /**
     * Takes in a message of the first epoch.
     *
     * @param from the sender, as the transport has authenticated it, which may be this node itself
     * @param message what it said
     * @return the effects, to be carried out in order
     * @throws IllegalStateException if the rules of Paxos turn out to be broken; the host must halt the node
     */
    public List<Effect> onMessage(Endpoint from, RegisterMessage message) {
        return onMessage(from, 0, message);
    }

    /** The same in any epoch. */
    List<Effect> onMessage(Endpoint from, long epoch, RegisterMessage message) {
        if (assembly == null || stopped != null) {
            return List.of();
        }
        try {
            assembly.receive(from, epoch, message);
        } catch (IllegalStateException broken) {
            out.drain();
            throw new IllegalStateException(
                    "register " + message.name() + ", on " + message + " from " + from + ": " + broken.getMessage(),
                    broken);
        }
        return out.drain();
    }

    /**
     * Finds out the value. Answered with Held or Refused.
     *
     * @param request the call
     * @param name the register
     * @param ticks how long to try
     * @return the effects, to be carried out in order
     */
    public List<Effect> read(RequestId request, RegisterName name, int ticks) {
        return call(new Operation(request, name, null), ticks);
    }

    /**
     * Changes the value, once. Answered with Changed; with Held if the change leaves what it found, and then has no
     * effect ever; with Refused if it certainly has none; else with Unknown.
     *
     * @param request the call
     * @param name the register
     * @param change what to make of the value
     * @param ticks how long to try
     * @return the effects, to be carried out in order
     */
    public List<Effect> change(RequestId request, RegisterName name, RegisterChange change, int ticks) {
        return call(new Operation(request, name, change), ticks);
    }

    /**
     * The host has computed what {@link Effect.Compute} asked for. Of a call that has been answered meanwhile, nothing
     * comes of it.
     *
     * @param request the call
     * @param name the register
     * @param next what to set, or null to leave what is there
     * @return the effects, to be carried out in order
     */
    public List<Effect> computed(RequestId request, RegisterName name, RegisterChange.@Nullable Assign next) {
        if (assembly != null && stopped == null) {
            assembly.computed(request, name, next);
        }
        return out.drain();
    }

    /**
     * Lets one unit of time pass.
     *
     * @return the effects, to be carried out in order
     */
    public List<Effect> tick() {
        if (stopped == null) {
            agenda.tick();
        }
        return out.drain();
    }

    /**
     * Stops for good: answers every call that waits, and says and hears nothing from now on.
     *
     * @param reason why, for the callers
     * @return the effects, to be carried out in order
     */
    public List<Effect> stop(String reason) {
        if (stopped == null) {
            stopped = reason;
            calls.giveUpAll(reason);
            beforeFormation.clear();
        }
        return out.drain();
    }

    /**
     * For how many registers callers of this node wait.
     *
     * @return their number
     */
    public int openCount() {
        return assembly == null ? 0 : assembly.open();
    }

    private List<Effect> call(Operation operation, int ticks) {
        Outcome refusal = refusal(operation);
        if (refusal != null) {
            out.respond(operation.id(), refusal);
        } else {
            calls.open(operation, ticks, () -> leave(operation));
            if (assembly == null) {
                beforeFormation.put(operation.id(), operation);
            } else {
                assembly.join(operation);
            }
        }
        return out.drain();
    }

    private @Nullable Outcome refusal(Operation operation) {
        Outcome refusal = calls.refusal(operation, stopped);
        if (refusal == null && assembly != null && assembly.isFull(operation.name())) {
            return new Outcome.Refused(
                    Outcome.Reason.OVERLOADED,
                    Line.MOST_WAITING + " calls wait for register " + operation.name()
                            + " already, which are carried out one after the other; try again later");
        }
        return refusal;
    }

    /** The deadline of a call has passed, and it has been answered. */
    private void leave(Operation operation) {
        beforeFormation.remove(operation.id());
        if (assembly != null) {
            assembly.leave(operation);
        }
    }
}
