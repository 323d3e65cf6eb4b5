/**
 * Recipes on top of a replicated log: a map, a counter, numbers that nobody gets twice, who leads, and who holds a lock, with
 * tokens that fence off whoever did before.
 */
@NullMarked
package io.paxos.examples.recipes;

import org.jspecify.annotations.NullMarked;
