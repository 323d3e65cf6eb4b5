/** Other consensus libraries, each over its own transport and storage, behind one small interface. */
@NullMarked
package io.paxos.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
