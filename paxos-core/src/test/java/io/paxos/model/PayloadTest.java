// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.Test;

class PayloadTest {

    @Test
    void isEqualByContent() {
        Payload payload = Payload.copyOf(new byte[] {1, 2});

        assertThat(payload)
                .isEqualTo(Payload.wrap(new byte[] {1, 2}))
                .hasSameHashCodeAs(Payload.wrap(new byte[] {1, 2}))
                .isNotEqualTo(Payload.copyOf(new byte[] {1, 2, 0}))
                .isNotEqualTo(Payload.copyOf(new byte[] {2, 1}))
                .isNotEqualTo(Payload.EMPTY);
        assertThat(payload.equals(null)).isFalse();
        assertThat((Object) payload).isNotEqualTo(new byte[] {1, 2});
    }

    @Test
    void doesNotChangeWithTheArrayItWasCopiedFrom() {
        byte[] given = {1, 2};
        Payload payload = Payload.copyOf(given);
        given[0] = 9;

        assertThat(payload).isEqualTo(Payload.copyOf(new byte[] {1, 2}));
    }

    @Test
    void handsOutCopiesAndReadOnlyViews() {
        Payload payload = Payload.copyOf(new byte[] {1, 2});
        payload.toByteArray()[0] = 9;
        ByteBuffer view = payload.asByteBuffer();
        view.get();

        assertThatThrownBy(() -> view.put(0, (byte) 9)).isInstanceOf(ReadOnlyBufferException.class);
        assertThat(view.hasArray()).isFalse();
        assertThat(payload.asByteBuffer().remaining()).isEqualTo(2);
        assertThat(payload).isEqualTo(Payload.copyOf(new byte[] {1, 2}));
    }

    @Test
    void wrapsAndUnwrapsWithoutACopy() {
        byte[] given = {1, 2};

        assertThat(Payload.wrap(given).unwrap()).isSameAs(given);
        assertThat(Payload.copyOf(given).unwrap()).isNotSameAs(given).isEqualTo(given);
    }

    @Test
    void holdsTextAsUtf8() {
        assertThat(Payload.utf8("é").toByteArray()).containsExactly(0xc3, 0xa9);
        assertThat(Payload.utf8("é").toUtf8()).isEqualTo("é");
        assertThat(Payload.utf8("é").size()).isEqualTo(2);
    }

    @Test
    void nothingIsAlwaysTheSameNothing() {
        assertThat(Payload.copyOf(new byte[0])).isSameAs(Payload.EMPTY);
        assertThat(Payload.wrap(new byte[0])).isSameAs(Payload.EMPTY);
        assertThat(Payload.utf8("")).isSameAs(Payload.EMPTY);
        assertThat(Payload.EMPTY.size()).isZero();
    }

    @Test
    void printsShortTextAndSumsUpTheRest() {
        assertThat(Payload.utf8("v")).hasToString("'v'");
        assertThat(Payload.utf8("x".repeat(24))).hasToString("'" + "x".repeat(24) + "'");
        assertThat(Payload.utf8("x".repeat(25)).toString()).startsWith("25B:");
        assertThat(Payload.copyOf(new byte[] {10}).toString()).startsWith("1B:");
        assertThat(Payload.copyOf(new byte[] {-1}).toString()).startsWith("1B:");
    }
}
