/**
 * Multi-Paxos over slots: one promise for all slots, phase 2 for many slots in flight, values chosen out of order and
 * decided in order. The parts know nothing of roles, elections or callers.
 */
@NullMarked
package io.paxos.log;

import org.jspecify.annotations.NullMarked;
