// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import org.jspecify.annotations.Nullable;

/** A store has broken the contract. */
final class StorageViolation extends AssertionError {

    private static final long serialVersionUID = 1L;

    StorageViolation(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
