// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import io.paxos.examples.SnapshotVersion;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The replicated state: which transaction ID comes next, and which one each client got last. */
final class TransactionIds implements StateMachine<Request, Long> {

    /** The answer to a request that its client has long given up: it gets no ID. */
    static final long OBSOLETE = -1;

    private static final long PRIME = 1_000_003;

    /**
     * The state as a value, to be compared with that of another replica.
     *
     * @param next the ID that comes next; all below it have been handed out
     * @param last the last request of each client, and its ID
     * @param fingerprint of who got which ID, over all IDs in their order
     */
    record State(long next, Map<Long, Grant> last, long fingerprint) {

        State {
            last = Map.copyOf(last);
        }

        /** How many IDs have been handed out. */
        long allocated() {
            return next - 1;
        }

        /** The number of the last request of a client, 0 if there was none. */
        long requestsOf(long client) {
            Grant grant = last.get(client);
            return grant == null ? 0 : grant.number();
        }
    }

    /** An ID and the request that it answers. */
    record Grant(long number, long id) {}

    private final Map<Long, Grant> last = new HashMap<>();
    private long next = 1;
    private long fingerprint;

    @Override
    public Long apply(ApplyContext context, Request request) {
        Grant known = last.get(request.client());
        if (known != null && known.number() >= request.number()) {
            return known.number() == request.number() ? known.id() : OBSOLETE;
        }
        long id = next++;
        last.put(request.client(), new Grant(request.number(), id));
        fingerprint = ((fingerprint * PRIME + id) * PRIME + request.client()) * PRIME + request.number();
        return id;
    }

    /** A copy of the state. */
    State state() {
        return new State(next, last, fingerprint);
    }

    /** Copies the state: it holds no more than one request of each client. */
    @Override
    public Capture capture() {
        State captured = state();
        return out -> write(captured, new DataOutputStream(out));
    }

    private static void write(State state, DataOutputStream out) throws IOException {
        SnapshotVersion.write(out);
        out.writeLong(state.next());
        out.writeLong(state.fingerprint());
        out.writeInt(state.last().size());
        for (Map.Entry<Long, Grant> client : new TreeMap<>(state.last()).entrySet()) {
            out.writeLong(client.getKey());
            out.writeLong(client.getValue().number());
            out.writeLong(client.getValue().id());
        }
        out.flush();
    }

    @Override
    public void restore(InputStream snapshot) throws IOException {
        DataInputStream in = new DataInputStream(snapshot);
        SnapshotVersion.check(in);
        next = in.readLong();
        fingerprint = in.readLong();
        last.clear();
        int clients = in.readInt();
        if (clients < 0) {
            throw new IOException("a snapshot of " + clients + " clients");
        }
        for (int i = 0; i < clients; i++) {
            last.put(in.readLong(), new Grant(in.readLong(), in.readLong()));
        }
    }
}
