/** Which sets of acceptors suffice, and the counting of their answers. */
@NullMarked
package io.paxos.quorum;

import org.jspecify.annotations.NullMarked;
