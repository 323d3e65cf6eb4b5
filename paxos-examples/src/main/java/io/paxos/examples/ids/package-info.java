/** A replicated state machine at work: database servers that allocate transaction IDs, and a leader that dies. */
@NullMarked
package io.paxos.examples.ids;

import org.jspecify.annotations.NullMarked;
