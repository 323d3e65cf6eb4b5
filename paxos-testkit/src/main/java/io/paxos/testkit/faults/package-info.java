/** Which faults a simulation has. */
@NullMarked
package io.paxos.testkit.faults;

import org.jspecify.annotations.NullMarked;
