// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs.seats;

import io.paxos.spi.Codec;
import java.nio.charset.StandardCharsets;

/** A guest asks for a seat. */
record Booking(int seat, String guest) {

    static final Codec<Booking> CODEC = Codec.of(
            booking -> (booking.seat() + " " + booking.guest()).getBytes(StandardCharsets.UTF_8), Booking::read);

    private static Booking read(byte[] bytes) {
        String[] words = new String(bytes, StandardCharsets.UTF_8).split(" ", 2);
        return new Booking(Integer.parseInt(words[0]), words[1]);
    }
}
