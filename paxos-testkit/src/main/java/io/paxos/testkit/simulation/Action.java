// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.model.DecreeName;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is done to a cluster from outside, settled in every detail: what a fault draws comes down to some of
 * these, each at its moment, and so does what callers ask for. Carrying one out draws nothing, and where it has become
 * impossible, because other actions were left out, does nothing. Its text is {@link Wording read back} as the same
 * action. Nodes are numbered from 0 and called n1, n2, …
 */
sealed interface Action {

    /**
     * Does it.
     *
     * @param stage what it is done to
     */
    void on(Stage stage);

    /**
     * Why doing it now would do nothing.
     *
     * @param stage what it would be done to
     * @return the reason, or null if nothing stands in its way, as far as can be said beforehand
     */
    default @Nullable String obstacle(Stage stage) {
        return null;
    }

    private static @Nullable String unlessUp(Stage stage, int node) {
        return stage.cluster().isUp(node) ? null : name(node) + " is down";
    }

    private static String name(int node) {
        return "n" + (node + 1);
    }

    private static String millis(long micros) {
        return Wording.millis(micros);
    }

    /** A node stops in the middle of whatever it does. */
    record Crash(int node) implements Action {
        @Override
        public void on(Stage stage) {
            if (stage.cluster().isUp(node)) {
                stage.cluster().crash(node);
            }
        }

        @Override
        public @Nullable String obstacle(Stage stage) {
            return unlessUp(stage, node);
        }

        @Override
        public String toString() {
            return name(node) + " crashes";
        }
    }

    /** A link takes longer, or as long as usual again. */
    record SlowLink(int from, int to, long micros) implements Action {
        @Override
        public void on(Stage stage) {
            stage.cluster().slowLink(from, to, micros);
        }

        @Override
        public String toString() {
            return new Link(from, to) + " takes " + millis(micros) + " longer";
        }
    }

    /** A link loses messages, or no more of them than usual. */
    record LoseOnLink(int from, int to, int percent) implements Action {
        @Override
        public void on(Stage stage) {
            stage.cluster().loseOnLink(from, to, percent);
        }

        @Override
        public String toString() {
            return new Link(from, to) + " loses " + percent + " of 100 messages";
        }
    }

    /** What a node is to be in the log. */
    enum Part {
        VOTE("vote", MembershipChange::add),
        OBSERVE("observe", MembershipChange::observe),
        LEAVE("leave", MembershipChange::remove);

        private final String word;
        private final Function<NodeId[], MembershipChange> change;

        Part(String word, Function<NodeId[], MembershipChange> change) {
            this.word = word;
            this.change = change;
        }

        /** The part of which a plan speaks by this word. */
        static Part of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /** A node is asked to change who votes in the log. */
    record Amend(int node, int target, Part part, int ticks) implements Action {
        @Override
        public void on(Stage stage) {
            stage.amend(node, part.change.apply(new NodeId[] {stage.cluster().name(target)}), ticks);
        }

        @Override
        public @Nullable String obstacle(Stage stage) {
            return unlessUp(stage, node);
        }

        @Override
        public String toString() {
            return name(node) + " is asked to let " + name(target) + " " + part.word + " within " + ticks + " ticks";
        }
    }

    /** A node resigns every office and stops. */
    record Close(int node) implements Action {
        @Override
        public void on(Stage stage) {
            if (stage.cluster().isUp(node)) {
                stage.cluster().close(node);
            }
        }

        @Override
        public @Nullable String obstacle(Stage stage) {
            return unlessUp(stage, node);
        }

        @Override
        public String toString() {
            return name(node) + " is closed";
        }
    }

    /** A node is asked to let another one lead. */
    record Transfer(int node, int target, boolean resign, int ticks) implements Action {
        @Override
        public void on(Stage stage) {
            if (stage.cluster().isUp(node)) {
                stage.cluster().transfer(node, target, resign, ticks);
            }
        }

        @Override
        public @Nullable String obstacle(Stage stage) {
            return unlessUp(stage, node);
        }

        @Override
        public String toString() {
            String who = target == Cluster.THE_BEST ? "the best" : target == Cluster.NOBODY ? "nobody" : name(target);
            return name(node) + " is to let " + who + " lead within " + ticks + " ticks"
                    + (resign ? ", or resign" : "");
        }
    }

    /** A node is told that it will be closed. */
    record HandOver(int node) implements Action {
        @Override
        public void on(Stage stage) {
            if (stage.cluster().isUp(node)) {
                stage.cluster().handOver(node);
            }
        }

        @Override
        public @Nullable String obstacle(Stage stage) {
            return unlessUp(stage, node);
        }

        @Override
        public String toString() {
            return name(node) + " is to hand over";
        }
    }

    /** A node that is down starts. */
    record Start(int node) implements Action {
        @Override
        public void on(Stage stage) {
            stage.cluster().restart(node);
        }

        @Override
        public @Nullable String obstacle(Stage stage) {
            return stage.cluster().isUp(node) ? name(node) + " is up" : null;
        }

        @Override
        public String toString() {
            return name(node) + " starts";
        }
    }

    /** The store of a node that is down gives way to an empty one. */
    record LoseStore(int node) implements Action {
        @Override
        public void on(Stage stage) {
            if (!stage.cluster().isUp(node) && stage.cluster().maySpareStore(node)) {
                stage.cluster().loseStore(node);
            }
        }

        @Override
        public @Nullable String obstacle(Stage stage) {
            if (stage.cluster().isUp(node)) {
                return name(node) + " is up";
            }
            return stage.cluster().maySpareStore(node)
                    ? null
                    : "without the store of " + name(node)
                            + " too few would be left that vote, or a change is under way";
        }

        @Override
        public String toString() {
            return name(node) + " loses its store";
        }
    }

    /** A link, in one direction. */
    record Link(int from, int to) {
        @Override
        public String toString() {
            return name(from) + ">" + name(to);
        }
    }

    /** Links are cut. */
    record Cut(int number, List<Link> links) implements Action {
        public Cut {
            links = List.copyOf(links);
        }

        @Override
        public void on(Stage stage) {
            stage.cut(number, links);
        }

        @Override
        public String toString() {
            return "cut " + number + ": "
                    + links.stream()
                            .filter(link -> !isSaid(link))
                            .map(link -> isBothWays(link) ? name(link.from) + "-" + name(link.to) : link.toString())
                            .collect(Collectors.joining(" "));
        }

        private boolean isBothWays(Link link) {
            return links.contains(new Link(link.to, link.from));
        }

        /** The other direction says it already. */
        private boolean isSaid(Link link) {
            return link.from > link.to && isBothWays(link);
        }
    }

    /** Links that were cut are whole again. */
    record Heal(int number) implements Action {
        @Override
        public void on(Stage stage) {
            stage.heal(number);
        }

        @Override
        public String toString() {
            return "cut " + number + " is healed";
        }
    }

    /** A link holds its messages back. */
    record Clog(int from, int to, long micros) implements Action {
        @Override
        public void on(Stage stage) {
            stage.cluster().clog(from, to, micros);
        }

        @Override
        public String toString() {
            return new Link(from, to) + " holds messages back for " + millis(micros);
        }
    }

    /** A node stands still. */
    record Pause(int node, long micros) implements Action {
        @Override
        public void on(Stage stage) {
            stage.cluster().pause(node, micros);
        }

        @Override
        public String toString() {
            return name(node) + " stands still for " + millis(micros);
        }
    }

    /** A clock is set. */
    record StepClock(int node, long millis) implements Action {
        @Override
        public void on(Stage stage) {
            stage.cluster().stepClock(node, millis);
        }

        @Override
        public String toString() {
            return "the clock of " + name(node) + " is set by " + millis;
        }
    }

    /** Clocks go too fast or too slowly. */
    record SetPace(int node, double times) implements Action {
        @Override
        public void on(Stage stage) {
            stage.cluster().setPace(node, times);
        }

        @Override
        public String toString() {
            return "the clocks of " + name(node) + " go " + times + " times as fast";
        }
    }

    /** Writes take so many times as long as usual. */
    record SlowStore(int node, int factor) implements Action {
        @Override
        public void on(Stage stage) {
            stage.cluster().slowStore(node, factor);
        }

        @Override
        public String toString() {
            return name(node) + " writes " + factor + " times slower";
        }
    }

    /** A write fails. */
    record FailWrite(int node) implements Action {
        @Override
        public void on(Stage stage) {
            stage.cluster().failNextWrite(node);
        }

        @Override
        public String toString() {
            return "the next write of " + name(node) + " fails";
        }
    }

    /** A disk is full, or has room again. */
    record FillDisk(int node, boolean full) implements Action {
        @Override
        public void on(Stage stage) {
            stage.cluster().fillDisk(node, full);
        }

        @Override
        public String toString() {
            return "the disk of " + name(node) + (full ? " is full" : " has room");
        }
    }

    /** Something in a durable snapshot cannot be read any more. */
    record DamageSnapshot(int node) implements Action {
        @Override
        public void on(Stage stage) {
            if (stage.cluster().maySpareStore(node)) {
                stage.cluster().damageSnapshot(node);
            }
        }

        @Override
        public String toString() {
            return "the snapshot of " + name(node) + " is damaged";
        }
    }

    /** A snapshot cannot be written. */
    record FailSnapshot(int node) implements Action {
        @Override
        public void on(Stage stage) {
            stage.cluster().failNextSnapshot(node);
        }

        @Override
        public String toString() {
            return "the next snapshot of " + name(node) + " fails";
        }
    }

    /** Executing takes so many times as long as usual. */
    record SlowApply(int node, int factor) implements Action {
        @Override
        public void on(Stage stage) {
            stage.cluster().slowApply(node, factor);
        }

        @Override
        public String toString() {
            return name(node) + " executes " + factor + " times slower";
        }
    }

    /** A node hears something about a peer. */
    record Hint(int node, int peer, boolean isUp) implements Action {
        @Override
        public void on(Stage stage) {
            stage.cluster().hint(node, peer, isUp);
        }

        @Override
        public String toString() {
            return name(node) + " is told that " + name(peer) + (isUp ? " came" : " went");
        }
    }

    /** A copy of a store is kept. */
    record CopyStore(int node) implements Action {
        @Override
        public void on(Stage stage) {
            stage.cluster().copyStore(node);
        }

        @Override
        public String toString() {
            return "the store of " + name(node) + " is copied";
        }
    }

    /** The copy takes the place of the store of a node that is down. */
    record PutCopyBack(int node) implements Action {
        @Override
        public void on(Stage stage) {
            if (!stage.cluster().isUp(node) && stage.cluster().mayPutCopyBack(node)) {
                stage.cluster().putCopyBack(node);
            }
        }

        @Override
        public String toString() {
            return name(node) + " gets the copy of its store";
        }
    }

    /** A client asks a node to execute a command. */
    record Ask(int client, int node, int ticks, Payload command) implements Action {
        @Override
        public void on(Stage stage) {
            stage.ask(this);
        }

        @Override
        public @Nullable String obstacle(Stage stage) {
            return unlessUp(stage, node);
        }

        @Override
        public String toString() {
            return "client " + client + " asks " + name(node) + " within " + ticks + " ticks: "
                    + Wording.literal(command);
        }
    }

    /** Someone asks a node to have a value chosen for a decree. */
    record Propose(int node, DecreeName decree, int ticks, Payload value) implements Action {
        @Override
        public void on(Stage stage) {
            stage.propose(this);
        }

        @Override
        public @Nullable String obstacle(Stage stage) {
            return unlessUp(stage, node);
        }

        @Override
        public String toString() {
            return name(node) + " proposes for " + decree.name() + " within " + ticks + " ticks: "
                    + Wording.literal(value);
        }
    }
}
