// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.DecreeMessage;
import io.paxos.message.EpochMessage;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.Membership;
import io.paxos.model.Payload;
import io.paxos.quorum.QuorumSystem;
import io.paxos.spi.Write;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The named decrees of one node: the roles of {@code io.paxos.single}, driven for many names at once, without a leader
 * (rules 1, 2, 15, 16). Calls made before the cluster has formed wait for it; messages that come before are dropped, for
 * nobody can tell yet whose votes count, and are sent again.
 *
 * <p>A vote, and every answer to an inquiry, leaves behind the write it speaks of. Time passes only by {@link #tick()},
 * and a tick costs as much as is due. Every call is answered exactly once, by an {@link Effect.Respond}. Pure: no thread,
 * clock, I/O or randomness of its own. Not safe for use by several threads.
 *
 * <p>Every method that takes messages throws {@link IllegalStateException}, naming the decree, when it finds two values
 * decided for one name or proposed at one ballot. The rules of Paxos are broken then, by a store or by a node that is
 * not what it claims to be; nothing that this node would go on to say could be trusted, and the host must halt it.
 */
public final class Decrees {

    private final Self self;
    private final DecreeConfig config;
    private final RandomGenerator random;
    private final Outbox out;
    private final Agenda agenda = new Agenda();
    private final DecidedDecrees decided;
    private final Acceptors<DecreeName> acceptors;
    private final Calls calls;
    private final Map<RequestId, Request> beforeFormation = new LinkedHashMap<>();
    private List<Endpoint> observers = List.of();
    private @Nullable Assembly assembly;
    private @Nullable String stopped;

    /**
     * The decrees with the memory of the store.
     *
     * @param self who this node is, for this start
     * @param config limits and intervals
     * @param random seeded by the host; spreads retries
     * @param recovered the acceptors of the undecided decrees
     * @param recoveredDecided the decided decrees; copied
     */
    public Decrees(
            Self self,
            DecreeConfig config,
            RandomGenerator random,
            Map<DecreeName, Write.DecreeWrite> recovered,
            Map<DecreeName, Payload> recoveredDecided) {
        this.self = self;
        this.config = config;
        this.random = random;
        this.out = new Outbox(self);
        this.decided = new DecidedDecrees(random.nextLong());
        recoveredDecided.forEach(decided::put);
        this.acceptors = Acceptors.ofDecrees(recovered);
        this.calls = new Calls(config, out, agenda);
    }

    /**
     * The cluster has formed: begins with what has waited for it. To be called once.
     *
     * @param membership whose votes count
     * @param quorums how many suffice; over exactly the members
     * @param votes whether this node is one of them; if not, it proposes and learns, but never votes
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
     * @param votes whether this node is one of the members; if not, it proposes and learns, but never votes
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
        Assembly formed = new Assembly(self, config, random, first, decided, acceptors, calls, agenda, out);
        formed.observers(observers);
        assembly = formed;
        List<Request> waiting = List.copyOf(beforeFormation.values());
        beforeFormation.clear();
        waiting.forEach(formed::join);
        return out.drain();
    }

    /**
     * This node has been told that its store is not counted any more (rule 7). From now on it proposes and learns without
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

    /** Takes over what another node held of a decree (rule 16); only while this one does not vote. */
    List<Effect> takeOver(EpochMessage.Undecided held) {
        return written(assembly == null ? null : assembly.takeOver(held));
    }

    /** Learns a decision that another node held. */
    List<Effect> takeOver(EpochMessage.Decided held) {
        return written(assembly == null ? null : assembly.decide(held.name(), held.value()));
    }

    private List<Effect> written(@Nullable Write write) {
        if (write != null) {
            out.write(write);
        }
        return out.drain();
    }

    /** The undecided decree behind a name, or null. */
    EpochMessage.@Nullable Undecided next(@Nullable DecreeName after) {
        DecreeName name = acceptors.next(after);
        return name == null
                ? null
                : new EpochMessage.Undecided(name, acceptors.promised(name), acceptors.accepted(name));
    }

    /** Reads decided decrees, as {@link DecidedDecrees#read} does. */
    long read(long from, Predicate<EpochMessage.Held> reader) {
        return decided.read(from, (name, value) -> reader.test(new EpochMessage.Decided(name, value)));
    }

    /**
     * Whom to tell of decisions besides the members.
     *
     * @param endpoints observers and strangers; replaces those named before
     */
    public void observers(Collection<Endpoint> endpoints) {
        observers = List.copyOf(endpoints);
        if (assembly != null) {
            assembly.observers(observers);
        }
    }

    /**
     * Takes in a message of the first epoch.
     *
     * @param from the sender, as the transport has authenticated it, which may be this node itself
     * @param message what it said
     * @return the effects, to be carried out in order
     * @throws IllegalStateException if the rules of Paxos turn out to be broken; the host must halt the node
     */
    public List<Effect> onMessage(Endpoint from, DecreeMessage message) {
        return onMessage(from, 0, message);
    }

    /** The same in any epoch. */
    List<Effect> onMessage(Endpoint from, long epoch, DecreeMessage message) {
        if (assembly == null || stopped != null) {
            return List.of();
        }
        try {
            assembly.receive(from, epoch, message);
        } catch (IllegalStateException broken) {
            out.drain();
            throw new IllegalStateException(
                    "decree " + message.name() + ", on " + message + " from " + from + ": " + broken.getMessage(),
                    broken);
        }
        return out.drain();
    }

    /**
     * Gets a value chosen. Answered with the value chosen for the name, this one or another; with Refused if this one is
     * certainly not chosen and never will be on account of this call; else with Unknown.
     *
     * @param request the call
     * @param name the decree
     * @param value the value to propose if the choice is free
     * @param ticks how long to try
     * @return the effects, to be carried out in order
     */
    public List<Effect> agree(RequestId request, DecreeName name, Payload value, int ticks) {
        return call(new Request(request, Request.Kind.AGREE, name, value), ticks);
    }

    /**
     * Finds out whether a value has been chosen (rule 15). Answered with Chosen, with Undecided if there was a moment
     * after the call when none was, or with Refused.
     *
     * @param request the call
     * @param name the decree
     * @param ticks how long to try
     * @return the effects, to be carried out in order
     */
    public List<Effect> learn(RequestId request, DecreeName name, int ticks) {
        return call(new Request(request, Request.Kind.LEARN, name, null), ticks);
    }

    /**
     * Waits until a value has been chosen. Answered with Chosen or Refused.
     *
     * @param request the call
     * @param name the decree
     * @param ticks how long to wait
     * @return the effects, to be carried out in order
     */
    public List<Effect> await(RequestId request, DecreeName name, int ticks) {
        return call(new Request(request, Request.Kind.AWAIT, name, null), ticks);
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
     * How many decrees this node knows to be decided.
     *
     * @return their number
     */
    public long decidedCount() {
        return decided.size();
    }

    /**
     * How many undecided decrees this node proposes or asks about.
     *
     * @return their number
     */
    public int openCount() {
        return assembly == null ? 0 : assembly.pursued();
    }

    /**
     * The decision of a decree, as far as this node knows.
     *
     * @param name the decree
     * @return the value, or null if it is not known to be decided
     */
    public @Nullable Payload decided(DecreeName name) {
        return decided.get(name);
    }

    /** About how many bytes the decided decrees take in memory. */
    long decidedBytes() {
        return decided.memoryBytes();
    }

    private List<Effect> call(Request request, int ticks) {
        Outcome refusal = calls.refusal(request, stopped);
        Payload known = refusal == null ? decided.get(request.name()) : null;
        if (refusal != null) {
            out.respond(request.id(), refusal);
        } else if (known != null) {
            out.respond(request.id(), new Outcome.Chosen(known));
        } else {
            calls.open(request, ticks, () -> leave(request));
            if (assembly == null) {
                beforeFormation.put(request.id(), request);
            } else {
                assembly.join(request);
            }
        }
        return out.drain();
    }

    /** The deadline of a call has passed, and it has been answered. */
    private void leave(Request request) {
        beforeFormation.remove(request.id());
        if (assembly != null) {
            assembly.leave(request);
        }
    }
}
