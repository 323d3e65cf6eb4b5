// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import io.paxos.model.Payload;
import io.paxos.spi.Codec;
import java.nio.ByteBuffer;

/**
 * A client's wish for a transaction ID. The client chooses the key, so it can ask again, at whichever server, when it
 * does not know what became of its request, and gets the same ID if the request had been executed.
 *
 * @param client who asks
 * @param number its how manyth wish this is, from 1 on; a client asks for one ID after another
 */
record Request(long client, long number) {

    /** As bytes. */
    static final Codec<Request> CODEC = new Codec<>() {
        @Override
        public Payload encode(Request request) {
            return Payload.wrap(ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(request.client)
                    .putLong(request.number)
                    .array());
        }

        @Override
        public Request decode(Payload payload) {
            if (payload.size() != 2 * Long.BYTES) {
                throw new IllegalArgumentException("a request takes 16 bytes, not " + payload.size());
            }
            ByteBuffer bytes = payload.asByteBuffer();
            return new Request(bytes.getLong(), bytes.getLong());
        }
    };
}
