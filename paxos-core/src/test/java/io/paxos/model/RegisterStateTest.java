// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegisterStateTest {

    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final Payload A = Payload.utf8("a");

    @Test
    void theLastChangeOfEachStartIsRemembered() {
        RegisterState state = RegisterState.EMPTY
                .changed(new Ballot(1, N1, 7), A)
                .changed(new Ballot(2, N2, 7), A)
                .changed(new Ballot(3, N1, 7), null)
                .changed(new Ballot(4, N1, 8), A);

        assertThat(state)
                .isEqualTo(new RegisterState(
                        A, List.of(new Ballot(2, N2, 7), new Ballot(3, N1, 7), new Ballot(4, N1, 8)), Ballot.ZERO));
        assertThat(state.lastBy(N1, 7)).isEqualTo(new Ballot(3, N1, 7));
        assertThat(state.lastBy(N1, 8)).isEqualTo(new Ballot(4, N1, 8));
        assertThat(state.lastBy(N2, 8)).isNull();
        assertThat(state.wouldTell(new Ballot(1, N2, 9))).isTrue();
    }

    @Test
    void aStateHoldsNoChangeAboveTheBallotItWasProposedAt() {
        Ballot change = new Ballot(3, N1, 7);
        RegisterState state = RegisterState.EMPTY.changed(change, A);
        state.requireProposableAt(change);
        state.requireProposableAt(new Ballot(4, N2, 1));
        RegisterState.EMPTY.requireProposableAt(Ballot.ZERO);
        Ballot below = new Ballot(2, N1, 7);
        assertThatThrownBy(() -> state.requireProposableAt(below))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(change.toString());
        assertThatThrownBy(() -> new RegisterState(A, List.of(), change).requireProposableAt(below))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatHasToBeForgottenIsTheOldestAndItsBallotIsKept() {
        RegisterState state = RegisterState.EMPTY;
        for (int i = 1; i <= RegisterState.MOST_CHANGES + 2; i++) {
            state = state.changed(new Ballot(i, N1, i), A);
        }

        assertThat(state.changes()).hasSize(RegisterState.MOST_CHANGES);
        assertThat(state.lastBy(N1, 2)).isNull();
        assertThat(state.lastBy(N1, 3)).isNotNull();
        assertThat(state.forgotten()).isEqualTo(new Ballot(2, N1, 2));
        assertThat(state.wouldTell(new Ballot(2, N1, 2))).isFalse();
        assertThat(state.wouldTell(new Ballot(3, N1, 1))).isTrue();
    }

    @Test
    void theEncodedFormIsReadBack() {
        RegisterState forgetful = RegisterState.EMPTY;
        for (int i = 1; i <= RegisterState.MOST_CHANGES + 1; i++) {
            forgetful = forgetful.changed(new Ballot(i, new NodeId("n".repeat(NodeId.MAX_LENGTH)), -i), A);
        }
        for (RegisterState state : List.of(
                RegisterState.EMPTY,
                RegisterState.EMPTY.changed(new Ballot(1, N1, 7), A),
                RegisterState.EMPTY.changed(new Ballot(1, N1, 7), Payload.EMPTY),
                RegisterState.EMPTY.changed(new Ballot(1, N1, 7), null),
                forgetful)) {
            assertThat(RegisterState.decode(state.encode())).isEqualTo(state);
        }
        assertThat(forgetful.encode().size()).isEqualTo(RegisterState.MOST_OVERHEAD + A.size());
    }

    @Test
    void whatIsNoStateIsRefused() {
        Payload good = RegisterState.EMPTY
                .changed(new Ballot(1, N1, 7), A)
                .changed(new Ballot(2, N2, 7), null)
                .encode();
        byte[] longer = Arrays.copyOf(good.toByteArray(), good.size() + 1);
        byte[] version = good.toByteArray();
        version[0] = 2;
        byte[] more = good.toByteArray();
        more[1] = 3;
        for (byte[] bytes : List.of(longer, version, more, new byte[0], new byte[] {1})) {
            assertThatThrownBy(() -> RegisterState.decode(Payload.wrap(bytes)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new RegisterState(A, List.of(new Ballot(2, N1, 1), new Ballot(1, N2, 1)), Ballot.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rise");
        assertThatThrownBy(() -> new RegisterState(A, List.of(new Ballot(1, N1, 1), new Ballot(2, N1, 1)), Ballot.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void asManyChangesAsAreRememberedMayBeGivenAndNoMore() {
        List<Ballot> changes = new ArrayList<>();
        for (int i = 1; i <= RegisterState.MOST_CHANGES; i++) {
            changes.add(new Ballot(i, N1, i));
        }
        assertThat(new RegisterState(A, changes, Ballot.ZERO).changes()).hasSize(RegisterState.MOST_CHANGES);
        changes.add(new Ballot(100, N1, 100));
        assertThatThrownBy(() -> new RegisterState(A, changes, Ballot.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most " + RegisterState.MOST_CHANGES);
        assertThatThrownBy(() -> new RegisterState(A, List.of(new Ballot(1, N1, 1), new Ballot(1, N1, 1)), Ballot.ZERO))
                .as("twice the same")
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RegisterState(A, List.of(Ballot.ZERO), Ballot.ZERO))
                .as("nobody changes anything at ballot 0")
                .isInstanceOf(IllegalArgumentException.class);
    }
}
