/**
 * What is agreed without a leader: named decrees, one value chosen for each name for ever, and registers, whose values
 * can be changed.
 */
@NullMarked
package io.paxos.decree;

import org.jspecify.annotations.NullMarked;
