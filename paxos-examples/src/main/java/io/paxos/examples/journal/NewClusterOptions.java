// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.journal;

import io.paxos.model.ClusterName;
import io.paxos.model.NodeId;
import io.paxos.quorum.FlexibleQuorums;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.quorum.QuorumSystem;
import io.paxos.storage.file.FileStorageOptions;
import io.paxos.storage.file.Rescue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is left of the old cluster, how it counted, and what the new one is to be. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class NewClusterOptions {

    @Parameters(
            paramLabel = "DIR",
            arity = "1..*",
            description = "The directories that are left, all of them: they are read, and never changed.")
    private List<Path> directories;

    @Option(
            names = "--phase1",
            paramLabel = "N",
            description = "How many complete phase 1, if the cluster does not count majorities; with --phase2.")
    private @Nullable Integer phase1;

    @Option(
            names = "--phase2",
            paramLabel = "N",
            description = "How many choose a value, if the cluster does not count majorities; with --phase1.")
    private @Nullable Integer phase2;

    @Option(
            names = "--into",
            paramLabel = "NEWDIR",
            description =
                    "Writes the stores of the new cluster, each into a directory of its node's name in this one, which"
                            + " must not be there yet.")
    private @Nullable Path into;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "The name of the new cluster; another one than that of the old.")
    private @Nullable String cluster;

    @Option(
            names = "--members",
            paramLabel = "ID,…",
            split = ",",
            description = "The nodes of the new cluster; they may be named as the old ones were.")
    private List<String> members = new ArrayList<>();

    @Option(
            names = "--segment-bytes",
            paramLabel = "BYTES",
            description = "The size of the files of the new journals (default: what the library has).")
    private @Nullable Long segmentBytes;

    /** Reads what is left. */
    Rescue read() throws IOException {
        return Rescue.of(directories, quorums());
    }

    private Function<Set<NodeId>, QuorumSystem> quorums() {
        Integer one = phase1;
        Integer two = phase2;
        if (one == null && two == null) {
            return MajorityQuorums::of;
        }
        if (one == null || two == null) {
            throw new IllegalArgumentException("--phase1 and --phase2 belong together; give both, or neither");
        }
        return voters -> new FlexibleQuorums(voters, one, two);
    }

    /** Whether anything is to be written; what is needed for that is there then. */
    boolean isToBeFounded() {
        if (into == null) {
            if (cluster != null || !members.isEmpty()) {
                throw new IllegalArgumentException(
                        "--cluster and --members say what to write, but not where; add --into, or leave them out");
            }
            return false;
        }
        if (cluster == null || members.isEmpty()) {
            throw new IllegalArgumentException("--into needs --cluster and --members, to say what is to be written");
        }
        return true;
    }

    /** The name of the new cluster. */
    String cluster() {
        return String.valueOf(cluster);
    }

    /** Writes the new cluster, and says what to do with it. */
    List<String> found(Rescue rescue) throws IOException {
        if (into == null) {
            throw new IllegalStateException("it was not said where to");
        }
        Set<NodeId> nodes = new TreeSet<>();
        members.forEach(member -> nodes.add(new NodeId(member)));
        FileStorageOptions options = FileStorageOptions.defaults();
        rescue.found(
                into,
                new ClusterName(cluster()),
                nodes,
                segmentBytes == null ? options : options.segmentBytes(segmentBytes));
        List<String> next = new ArrayList<>();
        next.add("Written, durably. Bring each directory to its node, and start all of them as cluster " + cluster()
                + ":");
        nodes.forEach(node -> next.add("  " + node + ": " + into.resolve(node.name())));
        next.add(
                "Keep the old directories for inspection; nodes that are started with them belong to another cluster.");
        return next;
    }
}
