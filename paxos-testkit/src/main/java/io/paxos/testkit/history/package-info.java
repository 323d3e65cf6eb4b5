/**
 * Histories of calls, recorded by those who make them, and the question whether they are linearizable: whether every call
 * can be thought to have happened at one moment between its invocation and its answer, as if there were one copy of the
 * object and one caller at a time.
 *
 * <pre>{@code
 * var recorder = new HistoryRecorder<CounterModel.Call, Long>();
 * var call = recorder.invoke("client 1", new CounterModel.Add(5));
 * call.returned(counter.add(5));                  // or call.unknown(), or call.refused()
 * LinearizabilityChecker.of(new CounterModel()).check(recorder.history()).orThrow();
 * }</pre>
 */
@NullMarked
package io.paxos.testkit.history;

import org.jspecify.annotations.NullMarked;
