/** One node as a pure machine: formation, decrees and the replicas of its logs, driven by events. */
@NullMarked
package io.paxos.replica;

import org.jspecify.annotations.NullMarked;
