/** Registers: values under names that every node can change, while one of them is away. */
@NullMarked
package io.paxos.examples.registers;

import org.jspecify.annotations.NullMarked;
