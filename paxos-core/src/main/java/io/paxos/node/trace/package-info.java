/** What one command goes through on all nodes, drawn as a sequence diagram. */
@NullMarked
package io.paxos.node.trace;

import org.jspecify.annotations.NullMarked;
