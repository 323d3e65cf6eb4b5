// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

/**
 * Hears from a store when its device is made to write. Called on the thread that is in {@link Storage#write}, so by one
 * thread at a time; it returns at once and throws nothing.
 */
public interface StoreMeter {

    /** The store begins to force what it has written to the device. */
    void forceBegins();

    /** The force has returned or thrown; follows every {@link #forceBegins}. */
    void forceEnds();
}
