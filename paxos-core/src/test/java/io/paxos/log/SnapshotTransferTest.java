// SPDX-License-Identifier: Apache-2.0
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

    /** As {@code CatchUpTest.rule10_whoeverSaysThatThereIsMore...}, of snapshots. */
    @Test
    void rule10_whoeverHasForgottenWhatIsMissingIsAskedInTurnThoughNotKnownToVote() {
        Endpoint stranger = new Endpoint(NodeId.of("c"), new Incarnation(3));
        transfer.begin(stranger, 90);
        assertThat(transfer.next(now, List.of(A)).peer()).isEqualTo(stranger);
        now += RESEND;
        assertThat(transfer.next(now, List.of(A)).peer()).isEqualTo(A);
        now += RESEND;
        assertThat(transfer.next(now, List.of(A)).peer()).isEqualTo(stranger);
        transfer.begin(B, 90);
        now += RESEND;
        assertThat(transfer.next(now, List.of(A)).peer()).isEqualTo(A);
        now += RESEND;
        assertThat(transfer.next(now, List.of(A)).peer()).as("who said so last").isEqualTo(B);
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
        assertThat(ask()).as("a part of the other one waits to be stored").isNull();
        transfer.stored(X, 4);
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

    /** The value that every description of CRC32C gives as an example. */
    @Test
    void theChecksumOfAPartIsItsCrc32c() {
        assertThat(SnapshotTransfer.checksum(Payload.utf8("123456789"))).isEqualTo(0xe3069283L);
    }

    @Test
    void partsFlowUntilAQuestionGoesWithoutAnswerAndAgainWithTheNextOne() {
        assertThat(transfer.isFlowing()).isFalse();
        transfer.begin(A, 90);
        assertThat(transfer.isFlowing()).isTrue();
        assertAsks(A, null, 0);
        now += RESEND;
        assertAsks(A, null, 0);
        assertThat(transfer.isFlowing()).isFalse();
        assertThat(transfer.onChunk(A, chunk(X, 0, "0123"), 2)).isTrue();
        assertThat(transfer.isFlowing()).isTrue();
    }

    @Test
    void aTransferIsOutrunBySlotsLearnedAnotherWay() {
        assertThat(transfer.isOutrun(1000)).isFalse();
        transfer.begin(A, 90);
        assertThat(transfer.isOutrun(90)).isFalse();
        assertThat(transfer.isOutrun(91)).isTrue();
        assertAsks(A, null, 0);
        assertThat(transfer.onChunk(A, chunk(X, 0, "0123"), 2)).isTrue();
        assertThat(transfer.isOutrun(91))
                .as("the snapshot still reaches farther")
                .isFalse();
        assertThat(transfer.isOutrun(100)).isFalse();
        assertThat(transfer.isOutrun(101)).isTrue();
    }

    @Test
    void whatWasGivenUpIsBegunAnewFromItsFirstByte() {
        transfer.begin(A, 90);
        assertThat(transfer.end()).as("nothing was stored").isFalse();
        transfer.begin(A, 90);
        assertAsks(A, null, 0);
        assertThat(transfer.onChunk(A, chunk(X, 0, "0123"), 2)).isTrue();
        assertThat(transfer.end()).isTrue();
        assertThat(transfer.target()).isNull();
        transfer.stored(X, 4);
        transfer.begin(B, 90);
        assertAsks(B, null, 0);
        assertThat(transfer.onChunk(B, chunk(X, 4, "4567"), 2)).isFalse();
        assertThat(transfer.onChunk(B, chunk(X, 0, "0123"), 2)).isTrue();
    }

    /** With a slow disk every transfer that is given up would leave its parts in memory, and the next one adds its own. */
    @Test
    void rule18_nothingIsAskedForWhilePartsOfWhatWasGivenUpWaitToBeStored() {
        transfer.begin(A, 90);
        assertAsks(A, null, 0);
        assertThat(transfer.onChunk(A, chunk(X, 0, "0123"), 2)).isTrue();
        assertAsks(A, X, 4);
        assertThat(transfer.onChunk(A, chunk(X, 4, "4567"), 2)).isTrue();
        transfer.end();
        transfer.begin(B, 101);
        assertThat(ask()).isNull();
        transfer.stored(X, 4);
        transfer.stored(Y, 100);
        assertThat(ask()).as("one part still waits").isNull();
        transfer.stored(X, 8);
        assertAsks(B, null, 0);
    }

    @Test
    void rule18_whatCouldNotBeStoredIsNotWaitedFor() {
        transfer.begin(A, 90);
        assertAsks(A, null, 0);
        assertThat(transfer.onChunk(A, chunk(X, 0, "0123"), 2)).isTrue();
        transfer.end();
        transfer.begin(B, 90);
        assertThat(ask()).isNull();
        transfer.failed();
        assertAsks(B, null, 0);
    }

    /** The disk has thrown the old parts away, so the new ones wait to be stored like any. */
    @Test
    void whatWasStoredBeforeItWasGivenUpIsNotStoredAnyMore() {
        transfer.begin(A, 90);
        assertAsks(A, null, 0);
        assertThat(transfer.onChunk(A, chunk(X, 0, "0123"), 2)).isTrue();
        assertAsks(A, X, 4);
        assertThat(transfer.onChunk(A, chunk(X, 4, "4567"), 2)).isTrue();
        transfer.stored(X, 8);
        transfer.end();
        transfer.begin(A, 90);
        assertAsks(A, null, 0);
        assertThat(transfer.onChunk(A, chunk(X, 0, "0123"), 2)).isTrue();
        assertAsks(A, X, 4);
        assertThat(transfer.onChunk(A, chunk(X, 4, "4567"), 2)).isTrue();
        assertThat(ask()).as("two parts wait to be stored").isNull();
    }

    /** Whatever lies before its first part here belongs to the snapshot that was begun. */
    @Test
    void anotherSnapshotBeginsWithItsFirstByteOrNotAtAll() {
        transfer.begin(A, 90);
        assertAsks(A, null, 0);
        assertThat(transfer.onChunk(A, chunk(X, 0, "0123"), 0)).isTrue();
        assertAsks(A, X, 4);
        assertThat(transfer.onChunk(A, chunk(Y, 4, "efgh"), 0)).isFalse();
        assertThat(transfer.target()).isEqualTo(X);
        assertThat(transfer.onChunk(A, chunk(Y, 0, "abcd"), 0)).isTrue();
        assertThat(transfer.target()).isEqualTo(Y);
    }

    @Test
    void aPartMayEndWhereTheSnapshotEndsAndNotBehind() {
        SnapshotInfo small = new SnapshotInfo(100, 3, 77);
        transfer.begin(A, 90);
        assertAsks(A, null, 0);
        assertThat(transfer.onChunk(A, chunk(small, 0, "0123"), 2)).isFalse();
        assertThat(transfer.onChunk(A, chunk(small, 0, ""), 2)).isFalse();
        assertThat(transfer.onChunk(A, chunk(small, 0, "012"), 2)).isTrue();
        assertThat(ask()).as("all of it is here").isNull();
    }

    @Test
    void whatHasBeenBegunStaysWithTheFirstWhoOfferedIt() {
        transfer.begin(A, 90);
        transfer.begin(B, 10);
        assertAsks(A, null, 0);
        assertThat(transfer.onChunk(A, chunk(new SnapshotInfo(89, 4, 7), 0, "0123"), 2))
                .as("it ends before the first slot that is lacking")
                .isFalse();
        assertThat(transfer.onChunk(A, chunk(new SnapshotInfo(90, 4, 7), 0, "0123"), 2))
                .isTrue();
    }
}
