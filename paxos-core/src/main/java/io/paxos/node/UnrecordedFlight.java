// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

/** Nobody records. */
final class UnrecordedFlight implements Flight {

    static final Candidacy CANDIDACY = (node, group, ballot, won) -> {};
    static final Writing WRITING = (node, writes, failed) -> {};
    static final Forcing FORCING = node -> {};
    static final Applying APPLYING = (node, group, first, slots) -> {};

    @Override
    public Candidacy beginCandidacy() {
        return CANDIDACY;
    }

    @Override
    public Writing beginWriting() {
        return WRITING;
    }

    @Override
    public Forcing beginForcing() {
        return FORCING;
    }

    @Override
    public Applying beginApplying() {
        return APPLYING;
    }
}
