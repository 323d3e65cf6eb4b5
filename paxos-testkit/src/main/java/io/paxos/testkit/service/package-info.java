/** Simulation of somebody's own service: their state machine, their clients, what must hold. */
@NullMarked
package io.paxos.testkit.service;

import org.jspecify.annotations.NullMarked;
