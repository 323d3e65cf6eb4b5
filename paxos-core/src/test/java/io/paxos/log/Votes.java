// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import io.paxos.model.Configuration;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.quorum.QuorumSystem;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Voters and what governs by them, in short. */
final class Votes {

    private Votes() {}

    /** A node with its first store. */
    static Endpoint endpoint(String name) {
        return new Endpoint(NodeId.of(name), new Incarnation(1));
    }

    static Membership membership(Collection<Endpoint> voters) {
        return Membership.of(voters.stream().collect(Collectors.toMap(Endpoint::node, Endpoint::incarnation)));
    }

    static Configuration configuration(long version, Endpoint... voters) {
        return new Configuration(version, membership(Arrays.asList(voters)), Collections.emptySortedSet());
    }

    /** Majorities of these, from a slot on. */
    static Regime regime(long from, Endpoint... voters) {
        Configuration configuration = configuration(0, voters);
        return new Regime(
                from,
                configuration,
                MajorityQuorums.of(configuration.voters().voters().keySet()));
    }

    /** A rule over members of which each has its first store. */
    static Regime regime(QuorumSystem quorums) {
        Map<NodeId, Incarnation> voters =
                quorums.members().stream().collect(Collectors.toMap(Function.identity(), node -> new Incarnation(1)));
        return new Regime(1, Configuration.initial(Membership.of(voters)), quorums);
    }
}
