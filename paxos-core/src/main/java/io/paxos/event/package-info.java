/**
 * What happens to a node, and what it wants: the two halves of its machine's only method.
 *
 * <pre>
 *  Received, Submit, Read, Agree, Tick, Applied, ... --&gt; step --&gt; Persist(writes, afterDurable: [Send]), Send,
 *                                                                 Apply, Respond, RoleChanged, ...
 * </pre>
 *
 * <p>Effects are carried out in their order. What stands in {@code afterDurable} is sent when the writes before it are durable, and never if
 * they fail: that is how no host can let a vote leave early.
 */
@NullMarked
package io.paxos.event;

import org.jspecify.annotations.NullMarked;
