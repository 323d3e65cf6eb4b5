// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who forms the cluster and where to reach them.
 *
 * @param addresses by name, in the order given
 */
record Members(Map<String, HostPort> addresses) {

    Members {
        addresses = Collections.unmodifiableMap(new LinkedHashMap<>(addresses));
    }

    /** Reads {@code n1=127.0.0.1:7101,n2=…}. */
    static Members parse(String text) {
        Map<String, HostPort> addresses = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "\"" + part + "\" is no member; write ID=HOST:PORT, such as n1=127.0.0.1:7101");
            }
            String id = part.substring(0, equals).strip();
            HostPort address = HostPort.parse(part.substring(equals + 1).strip());
            if (addresses.putIfAbsent(id, address) != null) {
                throw new IllegalArgumentException("the member " + id + " is named twice; name each once");
            }
        }
        return new Members(addresses);
    }

    /** The address at which a member listens. */
    HostPort addressOf(String id) {
        HostPort address = addresses.get(id);
        if (address == null) {
            throw new IllegalArgumentException("the id " + id + " is not among the members " + addresses.keySet()
                    + "; add it or correct it, or let it join");
        }
        return address;
    }
}
