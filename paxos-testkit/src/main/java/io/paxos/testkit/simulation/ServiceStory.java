// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Effect;
import io.paxos.model.Value;
import io.paxos.testkit.check.CommandMark;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells what happens in a run as far as it concerns the service on the nodes: calls, answers, crashes, executions. */
final class ServiceStory implements Trace.Listener {

    private final Tenant tenant;
    private final Consumer<String> lines;

    ServiceStory(Tenant tenant, Consumer<String> lines) {
        this.tenant = tenant;
        this.lines = lines;
    }

    @Override
    public void happened(long time, Trace.Kind kind, String node, Object detail) {
        switch (kind) {
            case CALL, ANSWER -> {
                if (detail instanceof String words) {
                    tell(time, kind == Trace.Kind.CALL ? node + " ← " + words : node + " → " + words);
                }
            }
            case START -> tell(time, node + " starts");
            case STOP -> tell(time, node + " crashes");
            case FAULT -> tell(time, "! " + detail);
            case INSTALLED -> tell(time, node + " restores a snapshot: " + detail);
            case APPLY -> {
                if (detail instanceof Effect.Apply apply) {
                    executes(time, node, apply);
                }
            }
            case SAYS -> {
                if (detail instanceof Effect.RoleChanged changed && changed.role() == Effect.RoleName.LEADER) {
                    tell(time, node + " leads");
                } else if (detail instanceof Effect.Halted halted) {
                    tell(time, node + " halts: " + halted);
                }
            }
            default -> {
                // the rest is between the nodes
            }
        }
    }

    private void executes(long time, String node, Effect.Apply apply) {
        long slot = apply.first();
        for (Value value : apply.values()) {
            @Nullable String words = words(value);
            if (words != null) {
                tell(time, node + " is to execute slot " + slot + ": " + words);
            }
            slot++;
        }
    }

    private @Nullable String words(Value value) {
        return value instanceof Value.Command command ? tenant.words(CommandMark.command(command.payload())) : null;
    }

    private void tell(long time, String what) {
        lines.accept(String.format(Locale.ROOT, "%12s  %s", Wording.millis(time), what));
    }
}
