// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import java.time.Duration;

/**
 * What can be set on a transport, checked.
 *
 * @param maxFrameBytes the largest envelope sent or accepted, in bytes of its encoded form
 * @param maxQueuedMessages how many envelopes may wait for one peer
 * @param maxQueuedBytes how much the envelopes that wait for one peer may weigh
 * @param reconnectMin the pause after the first failed attempt to connect
 * @param reconnectMax the longest pause between two attempts
 * @param keepAlive how long a connection may be silent before the other end is asked whether it is alive
 * @param handshakeTimeout how long a connection may take from its first packet to the end of the handshake
 * @param awake how long the thread, having run out of work, looks for more before it sleeps
 */
record Settings(
        int maxFrameBytes,
        int maxQueuedMessages,
        long maxQueuedBytes,
        Duration reconnectMin,
        Duration reconnectMax,
        Duration keepAlive,
        Duration handshakeTimeout,
        Duration awake) {

    private static final Duration MOST_AWAKE = Duration.ofMillis(10);

    static final Settings DEFAULT = new Settings(
            8 << 20,
            16_384,
            32L << 20,
            Duration.ofMillis(50),
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofNanos(200_000));

    Settings {
        require(maxFrameBytes >= 1024, "maxFrameBytes must be at least 1024, but is " + maxFrameBytes);
        require(
                maxQueuedMessages >= 1 && maxQueuedBytes >= 1,
                "outboundLimit must be positive, but is " + maxQueuedMessages + " messages, " + maxQueuedBytes
                        + " bytes");
        requirePositive("reconnect", reconnectMin);
        require(
                reconnectMax.compareTo(reconnectMin) >= 0,
                "the longest reconnect pause, " + reconnectMax + ", is shorter than the first, " + reconnectMin);
        requirePositive("keepAlive", keepAlive);
        requirePositive("handshakeTimeout", handshakeTimeout);
        require(
                !awake.isNegative() && awake.compareTo(MOST_AWAKE) <= 0,
                "stayAwake must be between nothing and " + MOST_AWAKE + ", but is " + awake);
    }

    Settings withMaxFrameBytes(int bytes) {
        return new Settings(
                bytes,
                maxQueuedMessages,
                maxQueuedBytes,
                reconnectMin,
                reconnectMax,
                keepAlive,
                handshakeTimeout,
                awake);
    }

    Settings withOutboundLimit(int messages, long bytes) {
        return new Settings(
                maxFrameBytes, messages, bytes, reconnectMin, reconnectMax, keepAlive, handshakeTimeout, awake);
    }

    Settings withReconnect(Duration min, Duration max) {
        return new Settings(
                maxFrameBytes, maxQueuedMessages, maxQueuedBytes, min, max, keepAlive, handshakeTimeout, awake);
    }

    Settings withKeepAlive(Duration silence) {
        return new Settings(
                maxFrameBytes,
                maxQueuedMessages,
                maxQueuedBytes,
                reconnectMin,
                reconnectMax,
                silence,
                handshakeTimeout,
                awake);
    }

    Settings withHandshakeTimeout(Duration timeout) {
        return new Settings(
                maxFrameBytes,
                maxQueuedMessages,
                maxQueuedBytes,
                reconnectMin,
                reconnectMax,
                keepAlive,
                timeout,
                awake);
    }

    Settings withAwake(Duration longest) {
        return new Settings(
                maxFrameBytes,
                maxQueuedMessages,
                maxQueuedBytes,
                reconnectMin,
                reconnectMax,
                keepAlive,
                handshakeTimeout,
                longest);
    }

    private static void requirePositive(String what, Duration duration) {
        require(
                duration.toMillis() >= 1 && duration.toDays() < 1000,
                what + " must be at least a millisecond and less than 1000 days, but is " + duration);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
