package io.paxos.node;

import io.paxos.model.GroupId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The logs that this node takes part in. Safe for any thread. */
final class Groups {

    private final Map<GroupId, GroupHandle> handles = new ConcurrentHashMap<>();

    /** Adds a log. */
    void add(GroupHandle handle) {
        if (handles.putIfAbsent(handle.id(), handle) != null) {
            throw new IllegalStateException("this node replicates \"" + handle.id()
                    + "\" already; keep the ReplicatedLog that the first call returned, or choose another name");
        }
    }

    @Nullable
    GroupHandle get(GroupId id) {
        return handles.get(id);
    }

    /** Stops the execution of all logs. */
    void stop(String reason) {
        handles.values().forEach(handle -> handle.applier().stop(reason));
    }
}
