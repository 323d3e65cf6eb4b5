/** A transport of one's own: envelopes as UDP datagrams. */
@NullMarked
package io.paxos.examples.transport;

import org.jspecify.annotations.NullMarked;
