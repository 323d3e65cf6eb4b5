// SPDX-License-Identifier: Apache-2.0
package io.paxos.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Ways to turn what was seen of a run into what must never be seen. */
enum Tampering {
    /** An acceptor votes at a lower ballot than it has promised. */
    VOTE_BELOW_PROMISE {
        @Override
        @Nullable
        Tampered apply(LogTrace trace) {
            for (int i = 0; i < trace.seen().size(); i++) {
                Seen promise = trace.seen().get(i);
                for (int j = 0; promise.is("promise") && j < i; j++) {
                    Seen proposed = trace.seen().get(j);
                    if (proposed.is("propose")
                            && proposed.number("b") < promise.number("b")
                            && !hasVoted(trace, i, proposed)) {
                        Seen vote = Seen.of("accept")
                                .with("a", promise.text("a"))
                                .with("b", proposed.text("b"))
                                .with("s", proposed.text("s"))
                                .with("v", proposed.text("v"));
                        return inserted(trace, i + 1, vote);
                    }
                }
            }
            return null;
        }

        private boolean hasVoted(LogTrace trace, int promised, Seen proposed) {
            String acceptor = trace.seen().get(promised).text("a");
            return trace.seen().stream()
                    .anyMatch(s -> s.is("accept") && s.has("a", acceptor) && s.has("s", proposed.text("s")));
        }
    },
    /** An acceptor writes another value than the one proposed. */
    ANOTHER_VALUE_ACCEPTED {
        @Override
        @Nullable
        Tampered apply(LogTrace trace) {
            return changed(trace, s -> s.is("accept"), "v", UNHEARD_OF);
        }
    },
    /** A leader proposes something of its own where it must repeat what it found. */
    ANOTHER_VALUE_PROPOSED_AGAIN {
        @Override
        @Nullable
        Tampered apply(LogTrace trace) {
            int lead = trace.first(s -> s.is("lead") && !s.has("again", "{}"));
            if (lead < 0) {
                return null;
            }
            String again = trace.seen().get(lead).text("again").replaceFirst("v \\|-> \\d+", "v |-> " + UNHEARD_OF);
            return replaced(trace, lead, trace.seen().get(lead).with("again", again));
        }
    },
    /** A leader takes new commands before it has repeated what it found. */
    FOUND_NOT_PROPOSED_AGAIN {
        @Override
        @Nullable
        Tampered apply(LogTrace trace) {
            return changed(trace, s -> s.is("lead") && !s.has("again", "{}"), "again", "{}");
        }
    },
    /** A leader leaves a slot out. */
    SLOT_LEFT_OUT {
        @Override
        @Nullable
        Tampered apply(LogTrace trace) {
            int propose = trace.first(s -> s.is("propose") && s.number("s") < LogRecorder.SLOTS);
            if (propose < 0) {
                return null;
            }
            Seen proposed = trace.seen().get(propose);
            return replaced(trace, propose, proposed.with("s", proposed.number("s") + 1));
        }
    },
    /** A node learns as decided what a single acceptor has accepted. */
    DECIDED_WITHOUT_QUORUM {
        @Override
        @Nullable
        Tampered apply(LogTrace trace) {
            int accept = trace.first(s -> s.is("accept") && s.has("s", 1));
            if (accept < 0 || trace.size2() < 2) {
                return null;
            }
            Seen vote = trace.seen().get(accept);
            return inserted(
                    trace,
                    accept + 1,
                    Seen.of("learn").with("a", vote.text("a")).with("s", 1).with("v", vote.text("v")));
        }
    },
    /** A leader says that a slot is decided of which it has heard from one acceptor. */
    TOLD_WITHOUT_QUORUM {
        @Override
        @Nullable
        Tampered apply(LogTrace trace) {
            int accept = trace.first(s -> s.is("accept") && s.has("s", 1));
            return accept < 0 || trace.size2() < 2
                    ? null
                    : inserted(
                            trace,
                            accept + 1,
                            Seen.of("told")
                                    .with("b", trace.seen().get(accept).text("b"))
                                    .with("s", 1));
        }
    },
    /** A promise is on the wire that is not on the disk. */
    PROMISE_NOT_DURABLE {
        @Override
        @Nullable
        Tampered apply(LogTrace trace) {
            int part = trace.first(s -> s.is("part"));
            if (part < 0) {
                return null;
            }
            Seen sent = trace.seen().get(part);
            int promise = trace.first(s -> s.is("promise") && s.has("a", sent.text("a")) && s.has("b", sent.text("b")));
            return promise < 0 || promise > part ? null : removed(trace, promise, part - 1);
        }
    },
    /** A promise that was durable is forgotten, and a lower one given. */
    PROMISE_LOST {
        @Override
        @Nullable
        Tampered apply(LogTrace trace) {
            for (int i = 0; i < trace.seen().size(); i++) {
                Seen promise = trace.seen().get(i);
                for (int j = 0; promise.is("promise") && j < i; j++) {
                    Seen lower = trace.seen().get(j);
                    if (lower.is("promise") && lower.number("b") < promise.number("b")) {
                        return inserted(trace, i + 1, promise.with("b", lower.text("b")));
                    }
                }
            }
            return null;
        }
    },
    /** A promise leaves out what was accepted. */
    PROMISE_INCOMPLETE {
        @Override
        @Nullable
        Tampered apply(LogTrace trace) {
            // A promise that is repeated may leave out what was accepted since it was first given.
            return changed(
                    trace,
                    s -> s.is("part") && !s.has("acc", "{}") && !s.text("acc").contains("v |-> 0") && isFirst(trace, s),
                    "acc",
                    "{}");
        }

        private boolean isFirst(LogTrace trace, Seen part) {
            return trace.seen().stream()
                    .filter(s -> s.is("part") && s.has("a", part.text("a")) && s.has("b", part.text("b")))
                    .findFirst()
                    .orElseThrow()
                    .equals(part);
        }
    },
    /** A candidate leads by the promises of too few. */
    LEADS_WITHOUT_QUORUM {
        @Override
        @Nullable
        Tampered apply(LogTrace trace) {
            int lead = trace.size1() < 2 ? -1 : trace.first(s -> s.is("lead"));
            if (lead < 0) {
                return null;
            }
            String parts = trace.seen().get(lead).text("parts");
            String one = parts.substring(0, parts.indexOf(']') + 1) + "}";
            return replaced(trace, lead, trace.seen().get(lead).with("parts", one));
        }
    },
    /** A ballot is begun that was begun before. */
    BALLOT_USED_AGAIN {
        @Override
        @Nullable
        Tampered apply(LogTrace trace) {
            int prepare = trace.first(s -> s.is("prepare"));
            return prepare < 0
                    ? null
                    : inserted(trace, prepare + 1, trace.seen().get(prepare));
        }
    },
    /** Slots are forgotten that no durable snapshot stands for. */
    TRIMMED_WITHOUT_SNAPSHOT {
        @Override
        @Nullable
        Tampered apply(LogTrace trace) {
            int trim = trace.first(s -> s.is("trim"));
            if (trim < 0) {
                return null;
            }
            String acceptor = trace.seen().get(trim).text("a");
            List<Seen> without = new ArrayList<>();
            for (int i = 0; i < trim; i++) {
                Seen seen = trace.seen().get(i);
                if (!(seen.is("snapshot") && seen.has("a", acceptor))) {
                    without.add(seen);
                }
            }
            int position = without.size();
            without.addAll(trace.seen().subList(trim, trace.seen().size()));
            return new Tampered(with(trace, without), position);
        }
    },
    /** A snapshot stands for a slot that is not decided. */
    SNAPSHOT_OF_UNDECIDED {
        @Override
        @Nullable
        Tampered apply(LogTrace trace) {
            int chosen = trace.first(s -> s.is("chosen") && s.has("s", 1));
            return chosen <= 0 || trace.size2() < 2
                    ? null
                    : inserted(trace, 0, Seen.of("snapshot").with("a", 1).with("s", 1));
        }
    },
    /** A node executes another value than the decided one. */
    ANOTHER_VALUE_EXECUTED {
        @Override
        @Nullable
        Tampered apply(LogTrace trace) {
            return changed(trace, s -> s.is("executed"), "v", UNHEARD_OF);
        }
    },
    /** A store that was lost goes on voting as a member, with its old votes: here, a stranger's vote is counted. */
    STRANGER_COUNTED {
        @Override
        @Nullable
        Tampered apply(LogTrace trace) {
            int chosen = trace.first(s -> s.is("chosen") && s.has("s", 1));
            if (chosen < 0 || trace.size2() < 2) {
                return null;
            }
            // The store whose vote completes the quorum is lost just before it gives that vote.
            Seen vote = trace.seen().get(chosen - 1);
            if (!vote.is("accept") || !vote.has("s", 1) || trace.seen().stream().anyMatch(s -> s.is("lose"))) {
                return null;
            }
            LogTrace lost =
                    with(trace, insert(trace.seen(), chosen - 1, Seen.of("lose").with("a", vote.text("a"))));
            return new Tampered(lost, chosen + 1);
        }
    };

    private static final int UNHEARD_OF = 99_999;

    /**
     * What came out.
     *
     * @param trace what must not be accepted
     * @param position the first event that must not be accepted, from 0
     */
    record Tampered(LogTrace trace, int position) {}

    /** Tampers with a trace, or finds nothing in it to tamper with. */
    abstract @Nullable Tampered apply(LogTrace trace);

    private static LogTrace with(LogTrace trace, List<Seen> seen) {
        return new LogTrace(trace.name(), trace.size1(), trace.size2(), seen);
    }

    private static List<Seen> insert(List<Seen> seen, int position, Seen another) {
        List<Seen> longer = new ArrayList<>(seen);
        longer.add(position, another);
        return longer;
    }

    private static Tampered inserted(LogTrace trace, int position, Seen another) {
        return new Tampered(with(trace, insert(trace.seen(), position, another)), position);
    }

    private static Tampered replaced(LogTrace trace, int position, Seen another) {
        List<Seen> other = new ArrayList<>(trace.seen());
        other.set(position, another);
        return new Tampered(with(trace, other), position);
    }

    private static Tampered removed(LogTrace trace, int removed, int position) {
        List<Seen> shorter = new ArrayList<>(trace.seen());
        shorter.remove(removed);
        return new Tampered(with(trace, shorter), position);
    }

    private static @Nullable Tampered changed(LogTrace trace, Predicate<Seen> which, String name, Object value) {
        int position = trace.first(which);
        return position < 0
                ? null
                : replaced(trace, position, trace.seen().get(position).with(name, value));
    }
}
