/** Named decrees: one value for one name, whoever proposes what. */
@NullMarked
package io.paxos.examples.agree;

import org.jspecify.annotations.NullMarked;
