// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

/** What operators are told to do. */
final class Remedies {

    static final String WHOLE_STORE = "votes that this node has given, and what it alone has kept";

    static final String REPLACE =
            "keep the directory for inspection, move it away, and start the node with an empty one:"
                    + " it comes back as a stranger, which learns from the others and votes in logs when"
                    + " membership().replace(...) or readmitAfter has let it in again; if this node was never needed for a"
                    + " quorum, nothing the cluster has agreed is lost. If the file can be brought back from this"
                    + " very disk as it last was (not from a backup), do that instead";

    private Remedies() {}
}
