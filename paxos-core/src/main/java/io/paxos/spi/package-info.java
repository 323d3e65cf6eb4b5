/**
 * What users bring, and what a node asks of it.
 *
 * <pre>
 *                your service
 *         submit, read |  ^ results
 *                      v  |
 *    StateMachine  &lt;-- PaxosNode --&gt; Storage      what must not be forgotten
 *    Codec                 |
 *                          v
 *                      Transport                  what others are told; may lose, double, delay, reorder
 * </pre>
 *
 * <p>Threads, order and failures are stated with each method; {@code paxos-testkit} has a contract test for each interface to be extended.
 */
@NullMarked
package io.paxos.spi;

import org.jspecify.annotations.NullMarked;
