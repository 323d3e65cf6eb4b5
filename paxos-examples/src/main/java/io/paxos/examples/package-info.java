/** Runnable examples; {@code java -jar paxos-examples.jar --help} lists them. */
@NullMarked
package io.paxos.examples;

import org.jspecify.annotations.NullMarked;
