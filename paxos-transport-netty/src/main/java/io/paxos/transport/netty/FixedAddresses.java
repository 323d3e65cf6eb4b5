// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.util.NetUtil;
import io.paxos.model.NodeId;
import io.paxos.spi.TransportException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Addresses that do not change while the process runs. */
final class FixedAddresses implements AddressResolver {

    static final FixedAddresses NONE = new FixedAddresses(Map.of());

    private final Map<NodeId, HostPort> addresses = new HashMap<>();

    /** @throws IllegalArgumentException if a name or an address is none */
    FixedAddresses(Map<String, String> given) {
        given.forEach((node, where) -> addresses.put(new NodeId(node), HostPort.parse(where)));
    }

    /**
     * What need not be looked up can be judged at once; names are, each time they have been looked up.
     *
     * @throws TransportException if one of them must not be connected to
     */
    void requirePermitted(Protection protection) {
        for (HostPort address : addresses.values()) {
            InetAddress literal = NetUtil.createInetAddressFromIpAddressString(address.host());
            String objection =
                    literal == null ? null : protection.objectionTo(new InetSocketAddress(literal, address.port()));
            if (objection != null) {
                throw new TransportException("cannot have a peer at " + address + ": " + objection);
            }
        }
    }

    @Override
    public @Nullable InetSocketAddress resolve(NodeId node) {
        HostPort where = addresses.get(node);
        return where == null ? null : where.unresolved();
    }
}
