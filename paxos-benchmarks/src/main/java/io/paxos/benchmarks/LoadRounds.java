// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;

/** What one kind of load came to in all rounds. */
record LoadRounds(
        Rounds rate,
        Rounds medianMicros,
        Rounds p99Micros,
        Rounds p999Micros,
        Rounds cpu,
        Rounds allocated,
        Rounds writeCalls,
        Rounds forces,
        Rounds peakMib) {

    LoadRounds() {
        this(
                new Rounds(),
                new Rounds(),
                new Rounds(),
                new Rounds(),
                new Rounds(),
                new Rounds(),
                new Rounds(),
                new Rounds(),
                new Rounds());
    }

    void add(Load.Result result) {
        add(result, 0);
    }

    /** With how often the leader's store was forced meanwhile. */
    void add(Load.Result result, long forced) {
        rate.add(result.commandsPerSecond());
        medianMicros.add(result.medianMicros());
        p99Micros.add(result.micros(0.99));
        p999Micros.add(result.micros(0.999));
        cpu.add(result.cpuSecondsPerMillion());
        allocated.add(result.bytesPerCommand());
        writeCalls.add((double) result.used().writeCalls() / result.commands());
        forces.add((double) forced / result.commands());
        peakMib.add((double) result.peakMib());
    }

    /** All of them, by the names that they have in files. */
    Map<String, Rounds> named() {
        Map<String, Rounds> named = new LinkedHashMap<>();
        named.put("commandsPerSecond", rate);
        named.put("p50Micros", medianMicros);
        named.put("p99Micros", p99Micros);
        named.put("p999Micros", p999Micros);
        named.put("cpuSecondsPerMillion", cpu);
        named.put("allocatedBytesPerCommand", allocated);
        named.put("writeCallsPerCommand", writeCalls);
        named.put("forcesPerCommand", forces);
        named.put("peakHeapMib", peakMib);
        return named;
    }

    void print(String name) {
        System.out.printf(
                "  %-12s %s/s; p50 %s, p99 %s, p99.9 %s us; CPU %s s per million; %s bytes allocated each%n",
                name,
                rate.text(0),
                medianMicros.text(0),
                Rounds.text(p99Micros.median(), 0),
                Rounds.text(p999Micros.median(), 0),
                cpu.text(1),
                Rounds.text(allocated.median(), 0));
    }
}
