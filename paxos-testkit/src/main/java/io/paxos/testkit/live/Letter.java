// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.live;

/**
 * A message on its way from one node to another.
 *
 * @param number counts the messages of a run; one that the network doubles bears its number twice
 * @param from the sender's name
 * @param to the addressee's name
 * @param kind the name of the message in the protocol, such as {@code Prepare}
 * @param text what it says, in words; the kind alone for those that only keep things going
 * @param sent when it left, in microseconds of virtual time
 * @param arrives when it arrives; the same moment if it is lost
 * @param lost whether it never arrives
 */
public record Letter(
        long number, String from, String to, String kind, String text, long sent, long arrives, boolean lost) {}
