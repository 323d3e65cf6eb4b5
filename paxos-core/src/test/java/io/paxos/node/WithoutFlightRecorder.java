// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

/** A program that runs where the flight recorder has been left out of the runtime; see {@link FlightTest}. */
final class WithoutFlightRecorder {

    private WithoutFlightRecorder() {}

    public static void main(String[] args) {
        boolean present = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
        try (PaxosNode node = PaxosNode.builder().id("n1").members("n1").start()) {
            long sum = Cluster.counter(node, "g").submit(42L).join();
            System.out.println((present ? "a" : "no") + " flight recorder, sum " + sum);
        }
    }
}
