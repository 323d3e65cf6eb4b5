// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How much the results of all sessions may take, and which go first. */
class ClientSessionsTest {

    private static final Payload TEN_BYTES = Payload.utf8("x".repeat(10));

    private static final int THREE_OF_THEM = 3 * (SessionResults.ENTRY_BYTES + 10) + 5;

    private final ClientSessions sessions = new ClientSessions(10, THREE_OF_THEM);
    private final ClientSessions.Session first = opened(sessions, 1, "a");
    private final ClientSessions.Session second = opened(sessions, 2, "b");

    private static ClientSessions.Session opened(ClientSessions sessions, long slot, String node) {
        sessions.open(slot, new Value.OpenSession(NodeId.of(node), 1, LogTime.ZERO));
        return Objects.requireNonNull(sessions.use(slot));
    }

    @Test
    void rule11_whereResultsTakeTooMuchTheLowestOfTheSessionUsedLeastRecentlyAreForgotten() throws IOException {
        sessions.remember(second, 1, 10, TEN_BYTES);
        sessions.remember(second, 4, 11, TEN_BYTES);
        sessions.use(1);
        sessions.remember(first, 1, 12, TEN_BYTES);
        assertThat(second.results().size()).isEqualTo(2);
        sessions.remember(first, 2, 13, TEN_BYTES);
        assertThat(second.results().floor()).isEqualTo(2);
        assertThat(second.results().find(4)).isNotNull();
        assertThat(first.results().size()).isEqualTo(2);

        ClientSessions copy = sessions.emptied();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        sessions.writeTo(new DataOutputStream(out));
        copy.readFrom(new DataInputStream(new ByteArrayInputStream(out.toByteArray())), 100);
        for (ClientSessions each : new ClientSessions[] {sessions, copy}) {
            ClientSessions.Session used = Objects.requireNonNull(each.use(1));
            each.remember(used, 3, 14, TEN_BYTES);
            each.remember(used, 4, 15, TEN_BYTES);
            assertThat(Objects.requireNonNull(each.use(2)).results().size()).isZero();
            assertThat(used.results().size()).isEqualTo(3);
            assertThat(used.results().floor()).isEqualTo(2);
        }
    }

    @Test
    void whatIsAnsweredOrReplacedMakesRoom() {
        for (int i = 1; i <= 100; i++) {
            sessions.remember(first, i, i + 10, TEN_BYTES);
            sessions.remember(first, i, i + 10, TEN_BYTES);
            sessions.remember(first, 1_000_000, i + 10, TEN_BYTES);
            assertThat(first.results().find(i)).isNotNull();
            sessions.raiseFloor(first, i + 1);
            assertThat(first.results().bytes()).isLessThanOrEqualTo(THREE_OF_THEM);
        }
        sessions.raiseFloor(first, 2_000_000);
        assertThat(first.results().bytes()).isZero();
    }

    @Test
    void rule18_fencesAndEmptyResultsTakeRoomLikeAnyOther() {
        for (int i = 1; i <= 1000; i++) {
            sessions.fence(first, 2L * i, i + 10);
            sessions.remember(second, 2L * i, i + 10, Payload.EMPTY);
            assertThat(first.results().size() + second.results().size()).isLessThanOrEqualTo(3);
            assertThat(first.results().bytes() + second.results().bytes()).isLessThanOrEqualTo(THREE_OF_THEM);
        }
        assertThat(sessions.hasFences() || second.results().size() > 0).isTrue();
        sessions.raiseFloor(first, 5000);
        sessions.raiseFloor(second, 5000);
        assertThat(first.results().bytes() + second.results().bytes()).isZero();
    }

    @Test
    void rule11_equalTablesForgetAlikeHoweverTheyCameAbout() throws IOException {
        ClientSessions lived = new ClientSessions(4, 8 * SessionResults.ENTRY_BYTES);
        lived.open(1, new Value.OpenSession(NodeId.of("x"), 7, LogTime.ZERO));
        ClientSessions.Session session = Objects.requireNonNull(lived.use(1));
        // Far from the floor when it came; later the floor follows, and what comes then lies near.
        lived.remember(session, 20, 2, Payload.EMPTY);
        lived.raiseFloor(session, 18);
        for (long number = 21; number <= 24; number++) {
            lived.remember(session, number, number, Payload.EMPTY);
        }
        ClientSessions restored = new ClientSessions(4, 8 * SessionResults.ENTRY_BYTES);
        restored.readFrom(new DataInputStream(new ByteArrayInputStream(written(lived))), 100);
        for (long number = 26; number <= 29; number++) {
            lived.remember(Objects.requireNonNull(lived.use(1)), number, number, Payload.EMPTY);
            restored.remember(Objects.requireNonNull(restored.use(1)), number, number, Payload.EMPTY);
        }
        assertThat(written(restored)).isEqualTo(written(lived));
    }

    private static byte[] written(ClientSessions table) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        table.writeTo(new DataOutputStream(out));
        return out.toByteArray();
    }

    @Test
    void rule18_exactlyAsMuchAsMayBeIsRemembered() {
        ClientSessions three = new ClientSessions(10, 3 * (SessionResults.ENTRY_BYTES + 10));
        ClientSessions.Session session = opened(three, 1, "a");
        for (int i = 1; i <= 3; i++) {
            three.remember(session, i, i + 10, TEN_BYTES);
        }
        assertThat(session.results().size()).isEqualTo(3);
        three.remember(session, 4, 14, TEN_BYTES);
        assertThat(session.results().size()).isEqualTo(3);
        assertThat(session.results().floor()).isEqualTo(2);
    }

    @Test
    void rule18_fencesAloneAreForgottenAsWellAndNoneTooEarly() {
        ClientSessions three = new ClientSessions(10, 3 * SessionResults.ENTRY_BYTES);
        ClientSessions.Session session = opened(three, 1, "a");
        for (int i = 1; i <= 3; i++) {
            three.fence(session, i, i + 10);
        }
        assertThat(session.results().size()).isEqualTo(3);
        for (int i = 4; i <= 6; i++) {
            three.fence(session, i, i + 10);
            assertThat(session.results().size()).isEqualTo(3);
            assertThat(session.results().floor()).isEqualTo(i - 2);
        }
    }

    @Test
    void aSessionThatGoesMakesRoomForTheResultsOfOthers() {
        ClientSessions two = new ClientSessions(2, THREE_OF_THEM);
        ClientSessions.Session gone = opened(two, 1, "a");
        two.remember(gone, 1, 10, TEN_BYTES);
        two.remember(gone, 2, 11, TEN_BYTES);
        ClientSessions.Session kept = opened(two, 2, "b");
        two.remember(kept, 1, 12, TEN_BYTES);
        opened(two, 3, "c");
        assertThat(two.use(1)).isNull();
        two.remember(kept, 2, 13, TEN_BYTES);
        two.remember(kept, 3, 14, TEN_BYTES);
        assertThat(kept.results().size()).isEqualTo(3);
        assertThat(kept.results().floor()).isEqualTo(1);
    }

    /** From an empty table to one that holds as many as may be. */
    @Test
    void rule9_aTableOfAnySizeIsReadBackWithItsFloors() throws IOException {
        for (int count = 0; count <= 3; count++) {
            ClientSessions table = new ClientSessions(3);
            for (int i = 1; i <= count; i++) {
                ClientSessions.Session session = opened(table, i, "n" + i);
                table.raiseFloor(session, 10L * i);
            }
            ClientSessions restored = table.emptied();
            restored.readFrom(new DataInputStream(new ByteArrayInputStream(written(table))), 100);
            assertThat(written(restored)).isEqualTo(written(table));
            for (int i = 1; i <= count; i++) {
                ClientSessions.Session session = Objects.requireNonNull(restored.use(i));
                assertThat(session.results().floor()).as("session %d", i).isEqualTo(10L * i);
            }
        }
    }

    @Test
    void rule9_aTableOfMoreSessionsThanMayBeIsRefused() throws IOException {
        ClientSessions three = new ClientSessions(3);
        for (int i = 1; i <= 3; i++) {
            opened(three, i, "n" + i);
        }
        byte[] written = written(three);
        assertThatThrownBy(() ->
                        new ClientSessions(2).readFrom(new DataInputStream(new ByteArrayInputStream(written)), 100))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("at most 2 sessions, not 3");
    }
}
