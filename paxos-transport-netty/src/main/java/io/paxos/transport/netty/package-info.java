/** A transport over TCP, built on Netty. */
@NullMarked
package io.paxos.transport.netty;

import org.jspecify.annotations.NullMarked;
