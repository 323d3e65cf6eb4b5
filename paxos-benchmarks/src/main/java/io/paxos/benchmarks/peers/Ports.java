// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.peers;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Ports of the loopback interface that were free a moment ago, for libraries that must know all ports before the first
 * node starts. They are drawn from below those that operating systems give to whoever asks for any, so that no
 * connection that is opened meanwhile takes one.
 */
public final class Ports {

    private static final int LOWEST = 12_000;
    private static final int BEYOND = 32_000;
    private static final int MOST_DRAWS = 10_000;
    private static final Random DRAWS = new Random();

    private Ports() {}

    /**
     * Different ports on which nobody listens, neither by TCP nor by UDP.
     *
     * @throws IOException if there are not so many
     */
    public static List<Integer> free(int count) throws IOException {
        Set<Integer> found = new LinkedHashSet<>();
        for (int i = 0; i < MOST_DRAWS && found.size() < count; i++) {
            int port = LOWEST + DRAWS.nextInt(BEYOND - LOWEST);
            if (isFree(port)) {
                found.add(port);
            }
        }
        if (found.size() < count) {
            throw new IOException("fewer than " + count + " ports from " + LOWEST + " to " + BEYOND + " are free");
        }
        return List.copyOf(found);
    }

    private static boolean isFree(int port) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (ServerSocket tcp = new ServerSocket();
                DatagramSocket udp = new DatagramSocket(null)) {
            tcp.bind(address);
            udp.bind(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
