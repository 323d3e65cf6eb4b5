// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

/** The same by NIO, as on platforms without epoll. */
class NioTransportContractTest extends NettyTransportContractTest {

    @Override
    NativeIo io() {
        return NativeIo.NIO;
    }
}
