// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A tenant and what is done to its nodes.
 *
 * @param tenant the service
 * @param end when the faults stop, in microseconds of virtual time, unless a plan says it
 * @param plan what faults and clients do, or null to have it drawn from the seed
 * @param story takes what happens, line by line, as far as it concerns the service; or null
 */
public record Tenancy(
        Tenant tenant,
        long end,
        @Nullable Plan plan,
        @Nullable Consumer<String> story) {

    long until() {
        return plan == null ? end : plan.end();
    }

    boolean isEased(Plan.Ease ease) {
        return plan != null && plan.eases().contains(ease);
    }
}
