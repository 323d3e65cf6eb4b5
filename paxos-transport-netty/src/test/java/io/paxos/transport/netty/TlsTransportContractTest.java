// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.model.NodeId;

/** The same under mutual TLS. */
class TlsTransportContractTest extends NettyTransportContractTest {

    private static final TestCa CA = new TestCa("contract");

    @Override
    NettyTransport transport(NodeId node) {
        return NettyTransport.mutualTls("127.0.0.1:0", CA.tls(node.name()));
    }
}
