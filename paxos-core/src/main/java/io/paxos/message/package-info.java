/**
 * What nodes say to one another: one record for each kind, in one {@link io.paxos.message.Envelope}, which says between which
 * stores and by which start of a node. An {@link io.paxos.message.EpochMessage} names the epoch of what is said about a decree
 * or a register, once their membership has changed.
 *
 * <pre>
 *  Envelope(cluster, from, to, start, fingerprint, message)
 *                                                     |
 *      +------------+----------------+----------------+--------------+-------------+
 *    Hello      DecreeMessage   RegisterMessage   GroupMessage   PulseMessage   Bundle
 *   formation   one decree      one register      one log:       many resting   several logs
 *                                                 LogMessage     logs at once   at once
 * </pre>
 */
@NullMarked
package io.paxos.message;

import org.jspecify.annotations.NullMarked;
