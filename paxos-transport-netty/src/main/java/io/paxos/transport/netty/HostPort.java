// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import java.net.InetSocketAddress;

/**
 * An address as people write it: {@code host:port}, an IPv6 address in brackets.
 *
 * @param host a name or a literal address, without brackets
 * @param port 0 to 65535
 */
record HostPort(String host, int port) {

    HostPort {
        if (host.isBlank()) {
            throw new IllegalArgumentException("the host is empty; write host:port, such as 127.0.0.1:7101");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("the port of " + host + " must lie between 0 and 65535, but is " + port);
        }
    }

    static HostPort parse(String address) {
        int colon = address.lastIndexOf(':');
        boolean bracketed = address.startsWith("[") && colon > 1 && address.charAt(colon - 1) == ']';
        String host = colon < 0 ? address : bracketed ? address.substring(1, colon - 1) : address.substring(0, colon);
        if (colon < 0 || (!bracketed && host.indexOf(':') >= 0)) {
            throw new IllegalArgumentException(
                    "\"" + address + "\" is no address; write host:port, such as 127.0.0.1:7101 or [::1]:7101");
        }
        try {
            return new HostPort(host, Integer.parseInt(address, colon + 1, address.length(), 10));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "\"" + address + "\" has no port; write host:port, such as 127.0.0.1:7101", e);
        }
    }

    InetSocketAddress unresolved() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
