// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses, settings, pauses, and envelopes put together from parts. */
@ExtendWith(LeakCheck.class)
class SmallPartsTest {

    @ParameterizedTest
    @CsvSource({"127.0.0.1:7101,127.0.0.1,7101", "db-1.example:0,db-1.example,0", "[::1]:65535,::1,65535"})
    void anAddressIsReadAndPrinted(String text, String host, int port) {
        HostPort address = HostPort.parse(text);
        assertThat(address).isEqualTo(new HostPort(host, port)).hasToString(text);
        assertThat(address.unresolved().isUnresolved()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "host:", ":7101", "host:port", "host:65536", "host:-1", "::1:7101", " :1"})
    void whatIsNoAddressIsNamed(String text) {
        assertThatThrownBy(() -> HostPort.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(".*(write host:port|port of host must lie between).*");
    }

    @Test
    void whatAStrangerSaysStaysOnOneLineOfTheLog() {
        assertThat(Frames.printable("a\nb\u2028c\u202ed\u0085e\u007ff\u00e4")).isEqualTo("a?b?c?d?e?f\u00e4");
        assertThat(Frames.printable("x".repeat(1000))).hasSize(300);
    }

    @Test
    void aPeerWithABadAddressOrNameIsNamed() {
        NettyTransport transport = NettyTransport.plaintext("127.0.0.1:0");
        assertThatThrownBy(() -> transport.peers(Map.of("n2", "nowhere"))).hasMessageContaining("\"nowhere\"");
        assertThatThrownBy(() -> transport.peers(Map.of("n 2", "h:1"))).hasMessageContaining("\"n 2\"");
    }

    @Test
    void settingsThatCannotBeAreNamed() {
        NettyTransport transport = NettyTransport.plaintext("127.0.0.1:0");
        assertThatThrownBy(() -> transport.maxFrameBytes(10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxFrameBytes")
                .hasMessageContaining("10");
        assertThatThrownBy(() -> transport.outboundLimit(0, 5)).hasMessageContaining("0 messages");
        assertThatThrownBy(() -> transport.outboundLimit(5, 0)).hasMessageContaining("0 bytes");
        assertThatThrownBy(() -> transport.reconnect(Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessageContaining("PT0S");
        assertThatThrownBy(() -> transport.reconnect(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageContaining("PT2S");
        assertThatThrownBy(() -> transport.keepAlive(Duration.ofNanos(1))).hasMessageContaining("keepAlive");
        assertThatThrownBy(() -> transport.stayAwake(Duration.ofMillis(11)))
                .hasMessageContaining("stayAwake")
                .hasMessageContaining("PT0.011S");
        assertThatThrownBy(() -> transport.stayAwake(Duration.ofNanos(-1))).hasMessageContaining("stayAwake");
        assertThatThrownBy(() -> transport.handshakeTimeout(Duration.ofDays(1000)))
                .hasMessageContaining("handshakeTimeout");
    }

    @Test
    void pausesGrowToTheirLimitAndKeepTheirJitter() {
        Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofMillis(2000), new SplittableRandom(1));
        long ceiling = 50;
        for (int i = 0; i < 1000; i++) {
            assertThat(backoff.nextMillis()).isBetween(ceiling / 2, ceiling);
            ceiling = Math.min(2000, ceiling * 2);
        }
        assertThat(backoff.nextMillis()).isNotEqualTo(backoff.nextMillis());
        backoff.reset();
        assertThat(backoff.nextMillis()).isBetween(25L, 50L);
    }

    @Test
    void pausesDoNotOverflow() {
        Backoff backoff = new Backoff(
                Duration.ofMillis(Long.MAX_VALUE / 2), Duration.ofMillis(Long.MAX_VALUE), new SplittableRandom(1));
        for (int i = 0; i < 10; i++) {
            assertThat(backoff.nextMillis()).isPositive();
        }
    }

    @Test
    void partsBecomeAWholeAndTheNextBeginsAnew() throws BadFrame {
        Assembly assembly = new Assembly(10);
        assembly.add(Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
        assembly.add(Unpooled.wrappedBuffer(new byte[] {4, 5, 6, 7, 8, 9, 10}));
        assertThat(assembly.take()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
        assertThat(assembly.isEmpty()).isTrue();
        assembly.add(Unpooled.wrappedBuffer(new byte[] {11}));
        assertThat(assembly.take()).isEqualTo(ByteBuffer.wrap(new byte[] {11}));
        assembly.add(Unpooled.wrappedBuffer(new byte[9]));
        ByteBuf tooMuch = Unpooled.wrappedBuffer(new byte[2]);
        assertThatThrownBy(() -> assembly.add(tooMuch))
                .isInstanceOf(BadFrame.class)
                .hasMessageContaining("more than 10 bytes");
    }

    @Test
    void anAssemblyTakesMemoryOnlyForWhatHasCome() throws BadFrame {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // What the first buffer of a process takes to load its classes is not what is measured.
        new Assembly(1).add(Unpooled.wrappedBuffer(new byte[1]));
        ByteBuf part = Unpooled.wrappedBuffer(new byte[1000]);
        long before = threads.getCurrentThreadAllocatedBytes();
        Assembly assembly = new Assembly(Integer.MAX_VALUE);
        assembly.add(part);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
    }
}
