// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import static io.paxos.log.Votes.configuration;
import static io.paxos.log.Votes.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.Configuration;
import io.paxos.model.DecidedChange;
import io.paxos.model.Endpoint;
import io.paxos.model.Value;
import io.paxos.quorum.FlexibleQuorums;
import io.paxos.quorum.MajorityQuorums;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule 10: who governs which slot follows from what is decided, and from nothing else. */
class RegimesTest {

    private static final Endpoint A = endpoint("a");
    private static final Endpoint B = endpoint("b");
    private static final Endpoint C = endpoint("c");
    private static final Endpoint D = endpoint("d");
    private static final Endpoint E = endpoint("e");
    private static final int ALPHA = 10;

    private final Regimes regimes = new Regimes(configuration(0, A, B, C), ALPHA, MajorityQuorums::of);

    private static Value.Reconfigure change(long version, Endpoint... voters) {
        return new Value.Reconfigure(configuration(version, voters));
    }

    private List<Long> versions() {
        return regimes.governing().stream()
                .map(regime -> regime.configuration().version())
                .toList();
    }

    private void decide(long slot, Value.Reconfigure change) {
        regimes.decide(slot, change);
        regimes.advance(slot);
    }

    @Test
    void rule10_aChangeGovernsAlphaSlotsBehindTheOneThatDecidesIt() {
        decide(5, change(1, A, B, D));
        assertThat(regimes.knownUpTo()).isEqualTo(15);
        assertThat(versions()).containsExactly(0L, 1L);
        assertThat(regimes.latest().from()).isEqualTo(15);
        regimes.advance(13);
        assertThat(versions()).as("slot 14 is governed by the former voters").containsExactly(0L, 1L);
        regimes.advance(14);
        assertThat(versions()).containsExactly(1L);
        assertThat(regimes.current().counts(D)).isTrue();
        assertThat(regimes.current().counts(C)).isFalse();
    }

    @Test
    void rule10_aChangeThatAmendsAnotherVersionThanTheLatestChangesNothing() {
        decide(5, change(1, A, B, D));
        decide(6, change(1, A, B, E));
        decide(7, change(3, A, B, E));
        assertThat(versions()).containsExactly(0L, 1L);
        decide(8, change(2, A, B, E));
        assertThat(versions()).containsExactly(0L, 1L, 2L);
    }

    @Test
    void rule10_aChangeThatLeavesNoQuorumChangesNothing() {
        Regimes three = new Regimes(
                configuration(0, A, B, C), ALPHA, voters -> new FlexibleQuorums(voters, 3, voters.size() - 2));
        three.decide(5, change(1, A, B));
        assertThat(three.latest().configuration().version()).isZero();
        three.decide(6, change(1, A, B, D, E));
        assertThat(three.latest().configuration().version()).isEqualTo(1);
    }

    @Test
    void rule9_aSnapshotSaysWhoGovernsTheSlotsBehindIt() {
        Changes changes = new Changes(ALPHA, MajorityQuorums::of);
        changes.decide(5, change(1, A, B, D));
        changes.decide(12, change(2, A, B, E));
        changes.forget(20);
        assertThat(changes.kept())
                .as("version 1 governs slot 21, version 2 from slot 22 on")
                .containsExactly(
                        new DecidedChange(5, configuration(1, A, B, D)),
                        new DecidedChange(12, configuration(2, A, B, E)));
        regimes.lose();
        assertThat(regimes.isKnown()).isFalse();
        regimes.restore(20, changes.kept());
        assertThat(regimes.isKnown()).isTrue();
        assertThat(versions()).containsExactly(1L, 2L);
        decide(23, change(2, A, B, C));
        assertThat(versions()).as("outdated, also behind a snapshot").containsExactly(2L);
        decide(24, change(3, A, B, C));
        assertThat(versions()).containsExactly(2L, 3L);
    }

    @Test
    void rule9_aSnapshotBeforeTheFirstChangeGovernsLeavesTheFirstConfigurationInForce() {
        regimes.lose();
        regimes.restore(6, List.of(new DecidedChange(5, configuration(1, A, B, D))));
        assertThat(versions()).containsExactly(0L, 1L);
        regimes.lose();
        regimes.restore(14, List.of(new DecidedChange(5, configuration(1, A, B, D))));
        assertThat(versions()).containsExactly(1L);
    }

    @Test
    void rule13_whoeverGovernsBehindThoseWhoWereAskedMustBeAskedToo() {
        assertThat(regimes.isSteadyFrom(ALPHA)).isTrue();
        decide(5, change(1, A, B, D));
        assertThat(regimes.isSteadyFrom(14))
                .as("asked were those up to slot 14")
                .isFalse();
        assertThat(regimes.isSteadyFrom(15)).isTrue();
    }

    @Test
    void moreVotersThanCanBeCountedAreRefusedEverywhere() {
        Endpoint[] many = new Endpoint[65];
        for (int i = 0; i < many.length; i++) {
            many[i] = endpoint("n" + i);
        }
        Configuration crowd = configuration(1, many);
        assertThat(regimes.isTenable(crowd)).isFalse();
        decide(5, new Value.Reconfigure(crowd));
        assertThat(versions()).containsExactly(0L);
    }

    @Test
    void rule10_asManyVotersAsCanBeCountedAreTenable() {
        Endpoint[] many = new Endpoint[64];
        for (int i = 0; i < many.length; i++) {
            many[i] = endpoint("n" + i);
        }
        assertThat(regimes.isTenable(configuration(1, many))).isTrue();
    }

    /** A rule of somebody else's may lack quorums, speak of others, or throw what it likes. */
    @Test
    void rule10_aRuleThatHasNoQuorumsOverTheseVotersMakesAChangeToThemUntenable() {
        Configuration next = configuration(1, A, B);
        assertThat(new Changes(ALPHA, MajorityQuorums::of).isTenable(next)).isTrue();
        assertThat(new Changes(ALPHA, voters -> MajorityQuorums.of(List.of(A.node(), C.node()))).isTenable(next))
                .isFalse();
        Changes refusing = new Changes(ALPHA, voters -> {
            throw new IllegalStateException("not over two");
        });
        assertThat(refusing.isTenable(next)).isFalse();
        assertThat(refusing.decide(5, new Value.Reconfigure(next))).isFalse();
        assertThat(refusing.version()).isZero();
        assertThat(refusing.kept()).isEmpty();
    }

    /** Someone may still ask who governs the slot behind the last one forgotten; whoever governed only before goes. */
    @Test
    void whatIsKeptOfChangesIsWhatGovernsASlotToCome() {
        Changes changes = new Changes(ALPHA, MajorityQuorums::of);
        changes.decide(5, change(1, A, B, D));
        changes.decide(12, change(2, A, B, E));
        changes.forget(20);
        assertThat(changes.kept()).as("version 1 governs slot 21").hasSize(2);
        changes.forget(21);
        assertThat(changes.kept()).extracting(DecidedChange::slot).containsExactly(12L);
        changes.forget(1_000);
        assertThat(changes.kept()).as("the one in force").hasSize(1);
        assertThat(changes.version()).isEqualTo(2);
    }

    @Test
    void rule9_whatASnapshotSaysTakesThePlaceOfWhatWasKnown() {
        Changes changes = new Changes(ALPHA, MajorityQuorums::of);
        changes.decide(5, change(1, A, B, D));
        DecidedChange told = new DecidedChange(12, configuration(2, A, B, E));
        changes.replace(List.of(told));
        assertThat(changes.kept()).containsExactly(told);
        assertThat(changes.version()).isEqualTo(2);
        changes.replace(List.of());
        assertThat(changes.version()).isZero();
        assertThat(changes.kept()).isEmpty();
    }

    /** The first slot behind a snapshot decides whether those who voted from the beginning still do. */
    @Test
    void rule9_theFirstConfigurationGovernsBehindASnapshotUpToTheFirstChange() {
        List<DecidedChange> told = List.of(new DecidedChange(5, configuration(1, A, B, D)));
        regimes.restore(13, told);
        assertThat(versions()).as("slot 14 is the last of the first voters").containsExactly(0L, 1L);
        assertThat(regimes.knownUpTo())
                .as("decided is where the snapshot was taken")
                .isEqualTo(23);
        regimes.advance(14);
        assertThat(versions()).containsExactly(1L);
        regimes.restore(14, told);
        assertThat(versions()).containsExactly(1L);
        assertThat(regimes.current().from()).isEqualTo(15);
    }

    @Test
    void whoeverDerivesSomethingFromWhoGovernsSeesThatItChanged() {
        long edition = regimes.edition();
        regimes.advance(3);
        assertThat(regimes.edition()).as("nothing changed").isEqualTo(edition);
        decide(5, change(1, A, B, D));
        assertThat(regimes.edition()).isGreaterThan(edition);
        edition = regimes.edition();
        regimes.advance(14);
        assertThat(regimes.edition()).isGreaterThan(edition);
        edition = regimes.edition();
        regimes.lose();
        assertThat(regimes.edition()).isGreaterThan(edition);
        edition = regimes.edition();
        regimes.restore(20, List.of());
        assertThat(regimes.edition()).isGreaterThan(edition);
    }
}
