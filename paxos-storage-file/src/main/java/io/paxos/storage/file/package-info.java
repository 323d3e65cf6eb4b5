/** Storage in files: a journal that all groups and decrees of a node share, and snapshots. */
@NullMarked
package io.paxos.storage.file;

import org.jspecify.annotations.NullMarked;
