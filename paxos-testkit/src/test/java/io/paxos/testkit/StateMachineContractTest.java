// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract accepts state machines that keep it, and rejects each way of breaking it. */
class StateMachineContractTest {

    /** Counts how often each word was given. */
    static class Words implements StateMachine<String, Long> {
        final TreeMap<String, Long> counts = new TreeMap<>();

        @Override
        public Long apply(ApplyContext context, String word) {
            return counts.merge(word, 1L, Long::sum);
        }

        @Override
        public Capture capture() {
            return writing(new TreeMap<>(counts));
        }

        static Capture writing(SortedMap<String, Long> words) {
            return out -> {
                DataOutputStream data = new DataOutputStream(out);
                data.writeInt(words.size());
                for (var entry : words.entrySet()) {
                    data.writeUTF(entry.getKey());
                    data.writeLong(entry.getValue());
                }
            };
        }

        @Override
        public void restore(InputStream snapshot) throws IOException {
            counts.clear();
            add(snapshot);
        }

        void add(InputStream snapshot) throws IOException {
            DataInputStream data = new DataInputStream(snapshot);
            for (int i = data.readInt(); i > 0; i--) {
                counts.put(data.readUTF(), data.readLong());
            }
        }
    }

    private abstract static class OfWords extends StateMachineContract<String, Long> {
        @Override
        protected String command(RandomGenerator random) {
            return "word" + random.nextInt(20);
        }
    }

    @Nested
    class AcceptsAFullStateMachine extends OfWords {
        @Override
        protected StateMachine<String, Long> newStateMachine() {
            return new Words();
        }
    }

    @Nested
    class AcceptsOneWithoutSnapshots extends OfWords {
        @Override
        protected StateMachine<String, Long> newStateMachine() {
            long[] sum = {0};
            return (context, word) -> sum[0] += word.length();
        }

        @Override
        protected boolean captures() {
            return false;
        }
    }

    private static OfWords of(java.util.function.Supplier<StateMachine<String, Long>> machine) {
        return new OfWords() {
            @Override
            protected StateMachine<String, Long> newStateMachine() {
                return machine.get();
            }
        };
    }

    @Test
    void rejectsRandomResults() {
        OfWords random = of(() -> {
            long own = System.nanoTime();
            return (context, word) -> own;
        });
        assertThatThrownBy(random::theSameCommandsGiveTheSameResultsOnEveryInstance)
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void rejectsStateInStatics() {
        Words shared = new Words();
        assertThatThrownBy(of(() -> shared)::anInstanceKnowsNothingOfAnother).isInstanceOf(AssertionError.class);
    }

    @Test
    void rejectsResultsThatDependOnTheThread() {
        OfWords threaded = of(() -> (context, word) -> Thread.currentThread().getId());
        assertThatThrownBy(threaded::resultsDoNotDependOnTheThread).isInstanceOf(AssertionError.class);
    }

    @Test
    void rejectsACaptureThatFollowsTheLiveState() {
        OfWords live = of(() -> new Words() {
            @Override
            public Capture capture() {
                return writing(counts);
            }
        });
        assertThatThrownBy(live::aCaptureIsNotDisturbedByLaterCommands).isInstanceOf(AssertionError.class);
    }

    @Test
    void rejectsADigestOfTheWayInsteadOfTheState() {
        OfWords counting = of(() -> new Words() {
            private long applied;

            @Override
            public Long apply(ApplyContext context, String word) {
                applied++;
                return super.apply(context, word);
            }

            @Override
            public long digest() {
                return applied;
            }
        });
        assertThatThrownBy(counting::equalStatesHaveEqualDigests).isInstanceOf(AssertionError.class);
    }

    @Test
    void rejectsARestoreThatKeepsWhatWasThere() {
        OfWords adding = of(() -> new Words() {
            @Override
            public void restore(InputStream snapshot) throws IOException {
                add(snapshot);
            }
        });
        assertThatThrownBy(adding::restoringForgetsWhatWasThereBefore).isInstanceOf(AssertionError.class);
    }

    @Test
    void rejectsACaptureThatForgetsSomething() {
        OfWords forgetful = of(() -> new Words() {
            @Override
            public Capture capture() {
                return writing(new TreeMap<>(counts.headMap("word5")));
            }
        });
        assertThatThrownBy(forgetful::aRestoredStateMachineGoesOnLikeTheCapturedOne)
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void rejectsBytesThatDifferForEqualStates() {
        OfWords stamped = of(() -> new Words() {
            @Override
            public Capture capture() {
                return out -> out.write(System.identityHashCode(this));
            }
        });
        assertThatThrownBy(stamped::equalStatesWriteEqualBytes).isInstanceOf(AssertionError.class);
    }

    @Test
    void rejectsPretendedAbsenceOfSnapshots() {
        OfWords pretending = new OfWords() {
            @Override
            protected StateMachine<String, Long> newStateMachine() {
                return new Words();
            }

            @Override
            protected boolean captures() {
                return false;
            }
        };
        assertThatThrownBy(pretending::withoutSnapshotsCaptureAndRestoreSaySo).isInstanceOf(AssertionError.class);
    }
}
