/** Measurements; {@code mvn -q -Pbenchmark -Dbenchmark=--help package} lists them. */
@NullMarked
package io.paxos.benchmarks;

import org.jspecify.annotations.NullMarked;
