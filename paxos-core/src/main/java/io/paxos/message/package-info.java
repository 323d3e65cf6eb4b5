/** Every message that travels between nodes, one record each, and the envelope that carries them. */
@NullMarked
package io.paxos.message;

import org.jspecify.annotations.NullMarked;
