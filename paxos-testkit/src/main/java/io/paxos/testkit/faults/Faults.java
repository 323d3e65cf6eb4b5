// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.faults;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A choice of faults. Each run draws some of the chosen kinds, and how often each of them strikes, so that none always
 * hides another.
 */
public final class Faults {

    private final Set<FaultKind> kinds;

    private Faults(Set<FaultKind> kinds) {
        this.kinds = Collections.unmodifiableSet(kinds);
    }

    /**
     * Everything that can go wrong.
     *
     * @return all kinds
     */
    public static Faults all() {
        return new Faults(EnumSet.allOf(FaultKind.class));
    }

    /**
     * Nothing goes wrong: messages arrive, nodes stay up. For a first look at a workload.
     *
     * @return no kind
     */
    public static Faults none() {
        return new Faults(EnumSet.noneOf(FaultKind.class));
    }

    /**
     * Some kinds.
     *
     * @param chosen which
     * @return these and no others
     */
    public static Faults only(FaultKind... chosen) {
        Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        kinds.addAll(List.of(chosen));
        return new Faults(kinds);
    }

    /**
     * The same without some kinds.
     *
     * @param left which to leave out
     * @return the others
     */
    public Faults except(FaultKind... left) {
        Set<FaultKind> rest = EnumSet.noneOf(FaultKind.class);
        rest.addAll(kinds);
        rest.removeAll(List.of(left));
        return new Faults(rest);
    }

    /**
     * Which kinds these are.
     *
     * @return an unmodifiable set
     */
    public Set<FaultKind> kinds() {
        return kinds;
    }

    @Override
    public String toString() {
        return kinds.toString();
    }
}
