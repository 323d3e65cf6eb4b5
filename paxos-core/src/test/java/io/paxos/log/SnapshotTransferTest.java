package io.paxos.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.message.LogMessage.SnapshotChunk;
import io.paxos.message.LogMessage.SnapshotRequest;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.SnapshotInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SnapshotTransferTest {

    private static final int RESEND = 10;
    private static final Endpoint A = new Endpoint(NodeId.of("a"), new Incarnation(1));
    private static final Endpoint B = new Endpoint(NodeId.of("b"), new Incarnation(2));
    private static final List<Endpoint> PEERS = List.of(A, B);
    private static final SnapshotInfo X = new SnapshotInfo(100, 10, 77);
    private static final SnapshotInfo Y = new SnapshotInfo(200, 8, 88);

    private final SnapshotTransfer transfer = new SnapshotTransfer(RESEND, 4, 1000);
    private long now = 1;

    private static SnapshotChunk chunk(SnapshotInfo info, long offset, String bytes) {
        Payload payload = Payload.utf8(bytes);
        return new SnapshotChunk(info, offset, SnapshotTransfer.checksum(payload), payload);
    }

    private SnapshotTransfer.@Nullable Question ask() {
        return transfer.next(now, PEERS);
    }

    private void assertAsks(Endpoint peer, @Nullable SnapshotInfo info, long offset) {
        assertThat(ask()).isEqualTo(new SnapshotTransfer.Question(peer, new SnapshotRequest(info, offset, 4)));
    }

    @Test
    void partsAreFetchedOneAfterAnotherUntilTheLast() {
        assertThat(ask()).isNull();
        transfer.begin(A, 90);
        assertAsks(A, null, 0);
        assertThat(ask()).isNull();
        assertThat(transfer.onChunk(A, chunk(X, 0, "0123"), 2)).isTrue();
        assertAsks(A, X, 4);
        assertThat(transfer.onChunk(A, chunk(X, 4, "4567"), 2)).isTrue();
        // Two parts wait to be stored; more would fill the memory if the disk is slower than the network.
        assertThat(ask()).isNull();
        transfer.stored(X, 4);
        assertAsks(A, X, 8);
        assertThat(transfer.onChunk(A, chunk(X, 8, "89"), 2)).isTrue();
        transfer.stored(X, 10);
        assertThat(ask()).isNull();
        assertThat(transfer.target()).isEqualTo(X);
        assertThat(transfer.end()).isTrue();
        assertThat(transfer.isActive()).isFalse();
    }

    @Test
    void whereNoAnswerComesTheSamePartIsAskedOfTheNextPeer() {
        transfer.begin(A, 90);
        assertAsks(A, null, 0);
        assertThat(transfer.onChunk(A, chunk(X, 0, "0123"), 2)).isTrue();
        assertAsks(A, X, 4);
        now += RESEND;
        assertAsks(A, X, 4);
        now += RESEND;
        assertAsks(B, X, 4);
        assertThat(transfer.onChunk(A, chunk(X, 4, "4567"), 2)).isFalse();
        assertThat(transfer.onChunk(B, chunk(X, 4, "4567"), 2)).isTrue();
    }

    @Test
    void aPartThatIsDamagedRepeatedOrOutOfPlaceIsNotTaken() {
        transfer.begin(A, 90);
        assertAsks(A, null, 0);
        SnapshotChunk sound = chunk(X, 0, "0123");
        assertThat(transfer.onChunk(A, new SnapshotChunk(X, 0, sound.checksum() ^ 1, sound.bytes()), 2))
                .isFalse();
        assertThat(transfer.onChunk(A, chunk(X, 8, "0123"), 2)).isFalse();
        assertThat(transfer.onChunk(A, chunk(X, 4, "4567"), 2)).isFalse();
        assertThat(transfer.onChunk(A, sound, 2)).isTrue();
        assertThat(transfer.onChunk(A, sound, 2)).isFalse();
        assertAsks(A, X, 4);
        assertThat(transfer.onChunk(A, sound, 2)).isFalse();
    }

    @Test
    void aSnapshotThatDoesNotReachFarEnoughIsNotTaken() {
        transfer.begin(A, 101);
        assertAsks(A, null, 0);
        assertThat(transfer.onChunk(A, chunk(X, 0, "0123"), 2)).isFalse();
        assertThat(transfer.onChunk(A, chunk(Y, 0, "0123"), 2)).isTrue();
    }

    @Test
    void anotherSnapshotIsBegunOnlyWhenNobodyHasTheOneBegun() {
        transfer.begin(A, 90);
        assertAsks(A, null, 0);
        assertThat(transfer.onChunk(A, chunk(X, 0, "0123"), 2)).isTrue();
        assertAsks(A, X, 4);
        assertThat(transfer.onChunk(A, chunk(Y, 0, "abcd"), 2)).isFalse();
        assertAsks(A, X, 4);
        assertThat(transfer.onChunk(A, chunk(Y, 0, "abcd"), 2)).isFalse();
        assertAsks(B, X, 4);
        assertThat(transfer.onChunk(B, chunk(Y, 0, "abcd"), 2)).isTrue();
        assertThat(transfer.target()).isEqualTo(Y);
        assertAsks(B, Y, 4);
        assertThat(transfer.onChunk(B, chunk(Y, 4, "efgh"), 2)).isTrue();
    }

    @Test
    void noMoreIsFetchedInATickThanAllowed() {
        SnapshotTransfer slow = new SnapshotTransfer(RESEND, 4, 2);
        slow.begin(A, 1);
        assertThat(slow.next(1, PEERS)).isNotNull();
        assertThat(slow.onChunk(A, chunk(X, 0, "0123"), 2)).isTrue();
        assertThat(slow.next(1, PEERS)).isNull();
        assertThat(slow.next(2, PEERS)).isNull();
        assertThat(slow.next(3, PEERS)).isNotNull();
    }
}
