// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    private static final long PINNED = 0xdf9f432243699d55L;

    /** The same in every process and for ever: nodes of one cluster compare these numbers. */
    @Test
    void aFingerprintDependsOnEveryNameStoreAndOnTheRule() {
        Membership vector =
                Membership.of(Map.of(NodeId.of("a"), new Incarnation(1), NodeId.of("b"), new Incarnation(2)));
        Membership otherStore =
                Membership.of(Map.of(NodeId.of("a"), new Incarnation(1), NodeId.of("b"), new Incarnation(3)));
        Membership otherName =
                Membership.of(Map.of(NodeId.of("a"), new Incarnation(1), NodeId.of("c"), new Incarnation(2)));
        Fingerprint fingerprint = Fingerprint.of(vector, "rule");
        assertThat(fingerprint).isEqualTo(new Fingerprint(PINNED));
        assertThat(Fingerprint.of(otherStore, "rule")).isNotEqualTo(fingerprint);
        assertThat(Fingerprint.of(otherName, "rule")).isNotEqualTo(fingerprint);
        assertThat(Fingerprint.of(vector, "rule ")).isNotEqualTo(fingerprint);
        assertThat(fingerprint).isNotEqualTo(Fingerprint.NONE);
    }
}
