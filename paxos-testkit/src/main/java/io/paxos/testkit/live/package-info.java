/** What a simulation that is driven step by step shows of itself; see {@link io.paxos.testkit.LiveSimulation}. */
@NullMarked
package io.paxos.testkit.live;

import org.jspecify.annotations.NullMarked;
