// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.DecreeName;
import io.paxos.model.Incarnation;
import io.paxos.model.Payload;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.Write;
import io.paxos.testkit.disk.CrashFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A store in memory, one of whose files is whatever a fuzzer makes of it, and what must hold of it nevertheless. */
final class FuzzedStore {

    static final StoreId ID = new StoreId(0x1111111111111111L, 0x2222222222222222L);

    static final FileStorageOptions OPTIONS =
            FileStorageOptions.defaults().blockBytes(512).segmentBytes(4096).bootId(() -> "this run of the machine");

    private final StoreDirectory directory =
            new StoreDirectory(CrashFileSystem.empty().getPath("/store"));

    FuzzedStore(Identity identity) throws IOException {
        directory.create();
        identity.writeTo(directory);
    }

    /** The identity of a store with these segments and files of decrees. */
    static Identity identity(long lastSegment, long vouched, List<Long> decrees) {
        return new Identity(ID, new Incarnation(5), Stores.OWNER, 0, 1, lastSegment, vouched, decrees);
    }

    FuzzedStore with(String name, byte[] content) throws IOException {
        Path unused = Files.write(directory.file(name), content);
        return this;
    }

    StoreDirectory directory() {
        return directory;
    }

    /**
     * Looks at the store, audits it, opens it, writes to it, and opens it again. Every step may refuse, in words. But
     * looking and opening agree, and what could be opened once can be opened again, with all that was found and written.
     */
    void use() throws IOException {
        JournalInspector inspector = JournalInspector.of(directory.path());
        JournalInspector.Verdict verdict = inspector.verify();
        boolean refused = verdict.outcome() == JournalInspector.Outcome.REFUSED;
        List<JournalInspector.Entry> entries = new ArrayList<>();
        ignoringRefusal(() -> inspector.dump(entries::add));
        ignoringRefusal(() -> {
            JournalInspector.Stats unused = inspector.stats();
        });
        ignoringRefusal(() -> {
            AuditedStore unused = AuditedStore.read(directory, disagreement -> {});
        });
        String found;
        try (FileStorage storage = FileStorage.open(directory.path(), OPTIONS)) {
            found = Stores.describe(storage.recover(Stores.OWNER));
            storage.write(List.of(new Write.DecreeDecidedWrite(new DecreeName("z"), Payload.utf8("new"))));
        } catch (IOException e) {
            if (!refused && !isOfAnother(e)) {
                throw new AssertionError("to be opened it was " + verdict + ", but was refused", e);
            }
            return;
        }
        if (refused) {
            throw new AssertionError("opened, though it was to be refused: " + verdict.explanation());
        }
        try (FileStorage storage = FileStorage.open(directory.path(), OPTIONS)) {
            RecoveredState again = storage.recover(Stores.OWNER);
            if (!again.decided().containsKey(new DecreeName("z"))) {
                throw new AssertionError("what was written is gone");
            }
            if (!Stores.describe(again).contains(found.substring(0, found.indexOf('\n')))) {
                throw new AssertionError("first " + found + ", then " + Stores.describe(again));
            }
        }
    }

    /** The inspector does not ask whose the store is. */
    private static boolean isOfAnother(IOException e) {
        return String.valueOf(e.getMessage()).contains("belongs to node");
    }

    private interface Walk {
        void walk() throws IOException;
    }

    private static void ignoringRefusal(Walk walk) {
        try {
            walk.walk();
        } catch (IOException e) {
            requireWords(e);
        }
    }

    /** A refusal says what is wrong and what to do. */
    static void requireWords(IOException e) {
        if (e.getMessage() == null || e.getMessage().length() < 10) {
            throw new AssertionError("says too little", e);
        }
    }
}
