/** What users bring: how messages travel, where votes are kept, and what the commands do. */
@NullMarked
package io.paxos.spi;

import org.jspecify.annotations.NullMarked;
