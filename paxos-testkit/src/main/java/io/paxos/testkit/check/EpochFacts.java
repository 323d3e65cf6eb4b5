// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.model.GroupId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who votes on decrees and registers in which epoch (rule 16), as the log of the epochs has it. */
public final class EpochFacts {

    private static final int ALPHA = 16;

    private final FormationFacts formation;
    private final Map<GroupId, LogFacts> logs;
    private final List<DurableState> stores;

    EpochFacts(FormationFacts formation, Map<GroupId, LogFacts> logs, List<DurableState> stores) {
        this.formation = formation;
        this.logs = logs;
        this.stores = stores;
    }

    /** How many slots later a change governs: in the log of the epochs, few. */
    static int alpha(GroupId group, int configured) {
        return group.equals(GroupId.EPOCHS) ? Math.min(configured, ALPHA) : configured;
    }

    private List<Era> eras() {
        LogFacts log = logs.get(GroupId.EPOCHS);
        return log == null ? List.of() : log.eras();
    }

    /**
     * Who votes in an epoch.
     *
     * @param epoch the epoch; 0 is the vector with which the cluster formed
     * @return how votes are counted there, or null if there is no such epoch yet
     */
    public @Nullable Constituency electorate(long epoch) {
        if (epoch == 0) {
            return formation.constituency();
        }
        for (Era era : eras()) {
            if (era.configuration().version() == epoch) {
                return era.constituency();
            }
        }
        return null;
    }

    /**
     * The latest epoch.
     *
     * @return its number, 0 if there was no change
     */
    public long latest() {
        List<Era> eras = eras();
        return eras.isEmpty() ? 0 : eras.get(eras.size() - 1).configuration().version();
    }

    /** The members who are needed still: those of an epoch are not when a quorum of the next ever held what it left. */
    List<Constituency> needed() {
        List<Constituency> needed = new ArrayList<>();
        List<Era> eras = eras();
        for (int i = eras.size() - 1; i >= 0; i--) {
            Era era = eras.get(i);
            needed.add(era.constituency());
            if (era.constituency().isPhase2(covering(era.configuration().version()))) {
                break;
            }
            if (i == 0 && formation.constituency() != null) {
                needed.add(formation.constituency());
            }
        }
        return needed;
    }

    private long covering(long epoch) {
        long cover = 0;
        for (DurableState store : stores) {
            if (store.formation().mark().covered() >= epoch) {
                cover |= 1L << store.index();
            }
        }
        return cover;
    }
}
