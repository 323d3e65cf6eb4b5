/** What simulated runs are counted by: the faults they met, and the situations they came through. */
@NullMarked
package io.paxos.testkit.coverage;

import org.jspecify.annotations.NullMarked;
