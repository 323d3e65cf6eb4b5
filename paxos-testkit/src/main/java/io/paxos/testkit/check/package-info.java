/**
 * What must hold in every run, one class per property, and the all-seeing record of a run that they are judged by. A
 * check never takes part in a run: it only looks, and throws {@link io.paxos.testkit.check.Violation}.
 */
@NullMarked
package io.paxos.testkit.check;

import org.jspecify.annotations.NullMarked;
