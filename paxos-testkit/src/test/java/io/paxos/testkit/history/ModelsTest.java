// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Histories written by hand, for each model some that are linearizable and some that are not. */
class ModelsTest {

    private static final RegisterModel<Integer> REGISTER = new RegisterModel<>();
    private static final CasRegisterModel<Integer> CAS = new CasRegisterModel<>();
    private static final MapModel<String, Integer> MAP = new MapModel<>();
    private static final CounterModel COUNTER = new CounterModel();
    private static final QueueModel<Integer> QUEUE = new QueueModel<>();

    static Stream<Arguments> histories() {
        return Stream.of(register(), casRegister(), map(), counter(), queue()).flatMap(List::stream);
    }

    private static <S, I, O> Arguments good(String what, Model<S, I, O> model, Script<I, O> script) {
        return Arguments.of(what, model, script.history(), true);
    }

    private static <S, I, O> Arguments bad(String what, Model<S, I, O> model, Script<I, O> script) {
        return Arguments.of(what, model, script.history(), false);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("histories")
    <S, I, O> void aHistoryIsJudgedRightly(String what, Model<S, I, O> model, History<I, O> history, boolean good) {
        Verdict verdict = LinearizabilityChecker.of(model).check(history);

        assertThat(verdict).as(what).isInstanceOf(good ? Verdict.Linearizable.class : Verdict.NotLinearizable.class);
        assertThat(BruteForce.isLinearizable(model, history)).as("the oracle").isEqualTo(good);
    }

    private static List<Arguments> register() {
        return List.of(
                good("nothing ever happened", REGISTER, registers()),
                good("an empty register", REGISTER, registers().alone(read(), Optional.empty())),
                good(
                        "a read after a write",
                        REGISTER,
                        registers().alone(write(1), Optional.empty()).alone(read(), Optional.of(1))),
                bad(
                        "a stale read",
                        REGISTER,
                        registers()
                                .alone(write(1), Optional.empty())
                                .alone(write(2), Optional.empty())
                                .alone(read(), Optional.of(1))),
                good(
                        "a read during a write gives either, the old one first",
                        REGISTER,
                        registers()
                                .begin("w", write(1))
                                .alone(read(), Optional.empty())
                                .alone(read(), Optional.of(1))
                                .end("w", Optional.empty())),
                bad(
                        "a read during a write gives the new one and then the old one",
                        REGISTER,
                        registers()
                                .begin("w", write(1))
                                .alone(read(), Optional.of(1))
                                .alone(read(), Optional.empty())
                                .end("w", Optional.empty())),
                bad("a value from nowhere", REGISTER, registers().alone(read(), Optional.of(3))),
                bad(
                        "two readers see two writes in opposite orders",
                        REGISTER,
                        registers()
                                .begin("w1", write(1))
                                .begin("w2", write(2))
                                .begin("r1", read())
                                .begin("r2", read())
                                .end("r1", Optional.of(1))
                                .end("r2", Optional.of(2))
                                .begin("r3", read())
                                .end("r3", Optional.of(1))
                                .begin("r4", read())
                                .end("r4", Optional.of(2))
                                .begin("r5", read())
                                .end("r5", Optional.of(1))
                                .end("w1", Optional.empty())
                                .end("w2", Optional.empty())),
                good(
                        "an unknown write is seen",
                        REGISTER,
                        registers().begin("w", write(1)).unknown("w").alone(read(), Optional.of(1))),
                good(
                        "an unknown write is never seen",
                        REGISTER,
                        registers().begin("w", write(1)).unknown("w").alone(read(), Optional.empty())),
                good(
                        "an unknown write takes effect very late",
                        REGISTER,
                        registers()
                                .begin("w", write(1))
                                .unknown("w")
                                .alone(read(), Optional.empty())
                                .alone(write(2), Optional.empty())
                                .alone(read(), Optional.of(2))
                                .alone(read(), Optional.of(1))),
                good(
                        "a write whose caller never heard anything takes effect",
                        REGISTER,
                        registers()
                                .begin("w", write(1))
                                .alone(write(2), Optional.empty())
                                .alone(read(), Optional.of(1))),
                bad(
                        "an unknown write takes effect twice",
                        REGISTER,
                        registers()
                                .begin("w", write(1))
                                .unknown("w")
                                .alone(read(), Optional.of(1))
                                .alone(write(2), Optional.empty())
                                .alone(read(), Optional.of(1))),
                bad(
                        "an unknown write takes effect before it was asked for",
                        REGISTER,
                        registers()
                                .alone(read(), Optional.of(1))
                                .begin("w", write(1))
                                .unknown("w")),
                good(
                        "a refused write is not seen",
                        REGISTER,
                        registers().begin("w", write(1)).refused("w").alone(read(), Optional.empty())),
                bad(
                        "a refused write is seen",
                        REGISTER,
                        registers().begin("w", write(1)).refused("w").alone(read(), Optional.of(1))));
    }

    private static List<Arguments> casRegister() {
        return List.of(
                good(
                        "one of two exchanges succeeds",
                        CAS,
                        exchanges()
                                .begin("a", exchange(Optional.empty(), 1))
                                .begin("b", exchange(Optional.empty(), 2))
                                .end("a", done(false))
                                .end("b", done(true))
                                .alone(get(), value(2))),
                bad(
                        "both exchanges of the same value succeed",
                        CAS,
                        exchanges()
                                .begin("a", exchange(Optional.empty(), 1))
                                .begin("b", exchange(Optional.empty(), 2))
                                .end("a", done(true))
                                .end("b", done(true))),
                bad(
                        "an exchange fails though nobody else was there",
                        CAS,
                        exchanges()
                                .alone(new CasRegisterModel.Write<>(1), done(true))
                                .alone(exchange(Optional.of(1), 2), done(false))),
                good(
                        "an unknown exchange was in the way",
                        CAS,
                        exchanges()
                                .alone(new CasRegisterModel.Write<>(1), done(true))
                                .begin("u", exchange(Optional.of(1), 5))
                                .unknown("u")
                                .alone(exchange(Optional.of(1), 2), done(false))
                                .alone(get(), value(5))),
                good(
                        "which of two unknown calls took effect first matters only later",
                        CAS,
                        exchanges()
                                .begin("u", new CasRegisterModel.Write<>(5))
                                .unknown("u")
                                .begin("v", exchange(Optional.empty(), 5))
                                .unknown("v")
                                .alone(get(), value(5))
                                .alone(new CasRegisterModel.Write<>(7), done(true))
                                .alone(get(), value(7))
                                .alone(get(), value(5))),
                bad(
                        "a failed exchange took effect",
                        CAS,
                        exchanges()
                                .alone(new CasRegisterModel.Write<>(1), done(true))
                                .alone(exchange(Optional.of(7), 2), done(false))
                                .alone(get(), value(2))));
    }

    private static List<Arguments> map() {
        return List.of(
                good(
                        "keys have nothing to do with each other",
                        MAP,
                        maps().begin("a", put("a", 1))
                                .alone(put("b", 2), Optional.empty())
                                .alone(new MapModel.Get<>("b"), Optional.of(2))
                                .alone(new MapModel.Get<>("a"), Optional.empty())
                                .end("a", Optional.empty())
                                .alone(new MapModel.Get<>("a"), Optional.of(1))),
                bad(
                        "a value of another key",
                        MAP,
                        maps().alone(put("a", 1), Optional.empty()).alone(new MapModel.Get<>("b"), Optional.of(1))),
                bad(
                        "a removed value is still there",
                        MAP,
                        maps().alone(put("a", 1), Optional.empty())
                                .alone(new MapModel.Remove<>("a"), Optional.of(1))
                                .alone(new MapModel.Get<>("a"), Optional.of(1))),
                good(
                        "a replacement that fits, and one that does not",
                        MAP,
                        maps().alone(new MapModel.Replace<>("a", Optional.empty(), 1), Optional.empty())
                                .alone(new MapModel.Replace<>("a", Optional.empty(), 2), Optional.of(1))
                                .alone(new MapModel.Get<>("a"), Optional.of(1))),
                bad(
                        "a lost update",
                        MAP,
                        maps().alone(put("a", 0), Optional.empty())
                                .begin("x", new MapModel.Replace<>("a", Optional.of(0), 1))
                                .begin("y", new MapModel.Replace<>("a", Optional.of(0), 2))
                                .end("x", Optional.of(0))
                                .end("y", Optional.of(0))));
    }

    private static List<Arguments> counter() {
        return List.of(
                good(
                        "two at a time",
                        COUNTER,
                        counters()
                                .begin("a", new CounterModel.Add(1))
                                .begin("b", new CounterModel.Add(2))
                                .end("a", 3L)
                                .end("b", 2L)
                                .alone(new CounterModel.Get(), 3L)),
                bad(
                        "a number handed out twice",
                        COUNTER,
                        counters()
                                .begin("a", new CounterModel.Add(1))
                                .begin("b", new CounterModel.Add(1))
                                .end("a", 1L)
                                .end("b", 1L)),
                bad(
                        "a lost update",
                        COUNTER,
                        counters()
                                .alone(new CounterModel.Add(1), 1L)
                                .alone(new CounterModel.Add(1), 2L)
                                .alone(new CounterModel.Get(), 1L)),
                good(
                        "a gap that an unknown call explains",
                        COUNTER,
                        counters()
                                .begin("u", new CounterModel.Add(1))
                                .unknown("u")
                                .alone(new CounterModel.Add(1), 2L)),
                bad(
                        "a gap that a refused call does not explain",
                        COUNTER,
                        counters()
                                .begin("u", new CounterModel.Add(1))
                                .refused("u")
                                .alone(new CounterModel.Add(1), 2L)),
                bad(
                        "two unknown calls do not explain a gap of three",
                        COUNTER,
                        counters()
                                .begin("u", new CounterModel.Add(1))
                                .unknown("u")
                                .begin("v", new CounterModel.Add(1))
                                .unknown("v")
                                .alone(new CounterModel.Add(1), 4L)));
    }

    private static List<Arguments> queue() {
        return List.of(
                good(
                        "first in, first out",
                        QUEUE,
                        queues().alone(enqueue(1), Optional.empty())
                                .alone(enqueue(2), Optional.empty())
                                .alone(dequeue(), Optional.of(1))
                                .alone(dequeue(), Optional.of(2))
                                .alone(dequeue(), Optional.empty())),
                bad(
                        "last in, first out",
                        QUEUE,
                        queues().alone(enqueue(1), Optional.empty())
                                .alone(enqueue(2), Optional.empty())
                                .alone(dequeue(), Optional.of(2))),
                good(
                        "puts at a time come out in either order",
                        QUEUE,
                        queues().begin("a", enqueue(1))
                                .begin("b", enqueue(2))
                                .end("a", Optional.empty())
                                .end("b", Optional.empty())
                                .alone(dequeue(), Optional.of(2))
                                .alone(dequeue(), Optional.of(1))),
                bad(
                        "a value is taken twice",
                        QUEUE,
                        queues().alone(enqueue(1), Optional.empty())
                                .begin("a", dequeue())
                                .begin("b", dequeue())
                                .end("a", Optional.of(1))
                                .end("b", Optional.of(1))),
                bad(
                        "a value is lost",
                        QUEUE,
                        queues().alone(enqueue(1), Optional.empty()).alone(dequeue(), Optional.empty())),
                good(
                        "an unknown take may have taken it",
                        QUEUE,
                        queues().alone(enqueue(1), Optional.empty())
                                .begin("u", dequeue())
                                .unknown("u")
                                .alone(dequeue(), Optional.empty())));
    }

    private static Script<RegisterModel.Call<Integer>, Optional<Integer>> registers() {
        return new Script<>();
    }

    private static RegisterModel.Call<Integer> write(int value) {
        return new RegisterModel.Write<>(value);
    }

    private static RegisterModel.Call<Integer> read() {
        return new RegisterModel.Read<>();
    }

    private static Script<CasRegisterModel.Call<Integer>, CasRegisterModel.Answer<Integer>> exchanges() {
        return new Script<>();
    }

    private static CasRegisterModel.Call<Integer> exchange(Optional<Integer> expected, int value) {
        return new CasRegisterModel.CompareAndSet<>(expected, value);
    }

    private static CasRegisterModel.Call<Integer> get() {
        return new CasRegisterModel.Read<>();
    }

    private static CasRegisterModel.Answer<Integer> done(boolean written) {
        return new CasRegisterModel.Done<>(written);
    }

    private static CasRegisterModel.Answer<Integer> value(int value) {
        return new CasRegisterModel.Value<>(Optional.of(value));
    }

    private static Script<MapModel.Call<String, Integer>, Optional<Integer>> maps() {
        return new Script<>();
    }

    private static MapModel.Call<String, Integer> put(String key, int value) {
        return new MapModel.Put<>(key, value);
    }

    private static Script<CounterModel.Call, Long> counters() {
        return new Script<>();
    }

    private static Script<QueueModel.Call<Integer>, Optional<Integer>> queues() {
        return new Script<>();
    }

    private static QueueModel.Call<Integer> enqueue(int value) {
        return new QueueModel.Put<>(value);
    }

    private static QueueModel.Call<Integer> dequeue() {
        return new QueueModel.Take<>();
    }
}
