/**
 * Storage in files: a journal that all groups and decrees of a node share, and snapshots.
 *
 * <pre>
 *  directory/
 *    IDENTITY                        whose store this is: cluster, node, incarnation, starts
 *    LOCK                            keeps a second process out
 *    journal-0000000000000005.seg    batch | batch | batch | marker       one force for each batch
 *    journal-0000000000000006.seg    batch | batch | ...                  written here
 *    decrees-*.dat, snapshot-*.snap  what may be forgotten in the journal stands here
 * </pre>
 *
 * <p>Byte for byte it stands in {@code docs/durability.md}. Start at {@link io.paxos.storage.file.FileStorage}.
 */
@NullMarked
package io.paxos.storage.file;

import org.jspecify.annotations.NullMarked;
