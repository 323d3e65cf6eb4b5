// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs.seats;

import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;

/** Who sits where. The first who asks for a seat gets it; the answer is who has it. */
class Seats implements StateMachine<Booking, String> {

    private final TreeMap<Integer, String> guests = new TreeMap<>();

    @Override
    public String apply(ApplyContext context, Booking booking) {
        String holder = guests.putIfAbsent(booking.seat(), booking.guest());
        return holder == null ? booking.guest() : holder;
    }

    /** How many seats are taken. */
    int taken() {
        return guests.size();
    }

    @Override
    public Capture capture() {
        Map<Integer, String> now = new TreeMap<>(guests);
        return out -> {
            DataOutputStream data = new DataOutputStream(out);
            data.writeInt(now.size());
            for (Map.Entry<Integer, String> seat : now.entrySet()) {
                data.writeInt(seat.getKey());
                data.writeUTF(seat.getValue());
            }
            data.flush();
        };
    }

    @Override
    public void restore(InputStream snapshot) throws IOException {
        DataInputStream data = new DataInputStream(snapshot);
        guests.clear();
        for (int left = data.readInt(); left > 0; left--) {
            guests.put(data.readInt(), data.readUTF());
        }
    }
}
