/** A replicated key-value store with an HTTP front, one replica in each process. */
@NullMarked
package io.paxos.examples.kv;

import org.jspecify.annotations.NullMarked;
