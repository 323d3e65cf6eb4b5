/** The library's parts, each alone, under JMH. */
@NullMarked
package io.paxos.benchmarks.parts;

import org.jspecify.annotations.NullMarked;
