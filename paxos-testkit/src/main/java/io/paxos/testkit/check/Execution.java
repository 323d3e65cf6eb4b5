package io.paxos.testkit.check;

import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;

/**
 * One command as the first replica executed it; every other replica must do the same at the same place.
 *
 * @param context slot, time and identity
 * @param command the marked command
 * @param result the result
 */
public record Execution(ApplyContext context, Payload command, Payload result) {}
