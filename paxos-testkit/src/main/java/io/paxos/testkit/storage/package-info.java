/** What {@code StorageContract} is made of: scripts, the lives of a store that follow them, and ways of ending these. */
@NullMarked
package io.paxos.testkit.storage;

import org.jspecify.annotations.NullMarked;
