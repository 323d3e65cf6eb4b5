// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.channel.ChannelHandlerContext;
import io.paxos.model.NodeId;
import org.jspecify.annotations.Nullable;

/** What those who guard a connection have found out about its other end; an event that runs up the pipeline. */
sealed interface Verdict {

    /** Tells the connection. */
    void tell(Connection connection, ChannelHandlerContext context);

    /**
     * Frames may be exchanged.
     *
     * @param certified who the other end has proved to be; null if nobody asked
     */
    record Admitted(@Nullable NodeId certified) implements Verdict {

        @Override
        public void tell(Connection connection, ChannelHandlerContext context) {
            connection.admitted(context, certified);
        }
    }

    /**
     * The connection must end.
     *
     * @param reason for the log, and for the other end if it has been admitted
     */
    record Rejected(String reason) implements Verdict {

        @Override
        public void tell(Connection connection, ChannelHandlerContext context) {
            connection.fail(context, reason);
        }
    }
}
