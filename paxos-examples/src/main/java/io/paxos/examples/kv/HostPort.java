// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.net.InetSocketAddress;

/**
 * An address as it was given, not looked up yet.
 *
 * @param host a name or an address
 * @param port 0 to 65535
 */
record HostPort(String host, int port) {

    private static final int MAX_PORT = 65_535;

    /** Reads {@code HOST:PORT}, where an IPv6 address stands in square brackets. */
    static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = port(text.substring(colon + 1));
        if (host.isEmpty() || port < 0) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no address; write HOST:PORT, such as 127.0.0.1:7101");
        }
        return new HostPort(host, port);
    }

    /** An address that is known. */
    static HostPort of(InetSocketAddress address) {
        return new HostPort(address.getAddress().getHostAddress(), address.getPort());
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            return port > MAX_PORT ? -1 : port;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Looks the name up. */
    InetSocketAddress resolve() {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("the host " + host + " of " + this + " is not known; correct the name");
        }
        return address;
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
