/** Named decrees: one value chosen for each name, without a leader. */
@NullMarked
package io.paxos.decree;

import org.jspecify.annotations.NullMarked;
