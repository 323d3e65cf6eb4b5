// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What {@code POST /admin/members} asks for.
 *
 * @param change what is to become of the members
 * @param addresses where those listen of whom the request says it
 */
record MembersRequest(MembershipChange change, SortedMap<String, HostPort> addresses) {

    /** What the endpoint understands. */
    static final String[] PARAMETERS = {"add", "remove", "observe", "replace", "by"};

    private static final String FORMS = "add=ID=HOST:PORT, remove=ID, observe=ID or replace=ID&by=ID=HOST:PORT";

    /**
     * Reads a request.
     *
     * @throws IllegalArgumentException if it is none
     */
    static MembersRequest parse(Query query) {
        List<String> verbs = Stream.of("add", "remove", "observe", "replace")
                .filter(query::has)
                .toList();
        if (verbs.size() != 1) {
            throw new IllegalArgumentException("one change at a time, but the request has "
                    + (verbs.isEmpty() ? "none" : String.join(" and ", verbs)) + "; write " + FORMS);
        }
        String verb = verbs.get(0);
        if (query.has("by") != verb.equals("replace")) {
            throw new IllegalArgumentException(verb + (query.has("by") ? " goes without by" : " needs by")
                    + "; to put one replica in the place of another, write replace=ID&by=ID=HOST:PORT");
        }
        SortedMap<String, HostPort> addresses = new TreeMap<>();
        NodeId[] named = ids(String.valueOf(query.get(verb)), addresses);
        if (!addresses.isEmpty() && (verb.equals("remove") || verb.equals("replace"))) {
            throw new IllegalArgumentException(verb + "=" + query.get(verb)
                    + " has an address, but who leaves needs none; name it alone, as in " + verb + "=" + named[0]);
        }
        return new MembersRequest(
                switch (verb) {
                    case "add" -> MembershipChange.add(named);
                    case "remove" -> MembershipChange.remove(named);
                    case "observe" -> MembershipChange.observe(named);
                    default -> replacement(named, ids(String.valueOf(query.get("by")), addresses));
                },
                addresses);
    }

    private static MembershipChange replacement(NodeId[] leaving, NodeId[] coming) {
        if (leaving.length != 1 || coming.length != 1) {
            throw new IllegalArgumentException("one replica takes the place of one, but " + List.of(coming)
                    + " would take that of " + List.of(leaving) + "; replace one after the other");
        }
        return MembershipChange.replace(leaving[0], coming[0]);
    }

    /** Reads {@code ID} or {@code ID=HOST:PORT}, several of them with commas between. */
    private static NodeId[] ids(String text, Map<String, HostPort> addresses) {
        Map<String, NodeId> ids = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            NodeId id = NodeId.of(equals < 0 ? part : part.substring(0, equals));
            if (equals >= 0) {
                addresses.put(id.name(), reachable(part.substring(equals + 1)));
            }
            if (ids.put(id.name(), id) != null) {
                throw new IllegalArgumentException(id + " is named twice in " + text + "; name it once");
            }
        }
        return ids.values().toArray(NodeId[]::new);
    }

    private static HostPort reachable(String text) {
        HostPort address = HostPort.parse(text);
        if (address.port() == 0) {
            throw new IllegalArgumentException("nobody can be reached at the port 0 of " + address
                    + "; name the port on which the replica listens");
        }
        return address;
    }

    /** Everyone who is to be a voter or an observer. */
    List<NodeId> staying() {
        return Stream.of(change.vote(), change.observe())
                .flatMap(Collection::stream)
                .toList();
    }
}
