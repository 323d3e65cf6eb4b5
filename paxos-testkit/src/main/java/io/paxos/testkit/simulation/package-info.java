/**
 * A whole cluster in one thread on virtual time: nodes, network, disks, callers and faults, all drawn from one seed. The
 * nodes run the product's own machine; nothing in here is a second implementation of it.
 */
@NullMarked
package io.paxos.testkit.simulation;

import org.jspecify.annotations.NullMarked;
