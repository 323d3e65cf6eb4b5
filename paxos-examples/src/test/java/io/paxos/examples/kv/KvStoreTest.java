// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.CommandId;
import io.paxos.model.LogTime;
import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.StateMachineContract;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KvStoreTest extends StateMachineContract<KvCommand, KvStore.Result> {

    private static final Payload OLD = Payload.utf8("old");
    private static final Payload NEW = Payload.utf8("new");

    private final KvStore store = new KvStore();
    private long slot;

    @Override
    protected StateMachine<KvCommand, KvStore.Result> newStateMachine() {
        return new KvStore();
    }

    @Override
    protected KvCommand command(RandomGenerator random) {
        Payload value = random.nextInt(4) == 0 ? null : Payload.utf8("v" + random.nextInt(3));
        KvCommand.Condition condition =
                switch (random.nextInt(3)) {
                    case 0 -> new KvCommand.Absent();
                    case 1 -> new KvCommand.Expect(Payload.utf8("v" + random.nextInt(3)));
                    default -> new KvCommand.Always();
                };
        return new KvCommand("k" + random.nextInt(20), value, condition);
    }

    @Test
    void aSnapshotCutShortIsRefusedWhereverItEnds() throws IOException {
        put(OLD, new KvCommand.Always());
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        store.capture().writeTo(whole);

        for (int size = 0; size < whole.size(); size++) {
            InputStream part = new ByteArrayInputStream(whole.toByteArray(), 0, size);
            assertThatThrownBy(() -> new KvStore().restore(part))
                    .as("%d bytes", size)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void everyWriteRaisesTheVersionAndADeletionEndsIt() {
        assertThat(put(OLD, new KvCommand.Always())).isEqualTo(done(OLD, 1));
        assertThat(put(NEW, new KvCommand.Always())).isEqualTo(done(NEW, 2));
        assertThat(put(null, new KvCommand.Always())).isEqualTo(done(NEW, 2));
        assertThat(store.get("k")).isNull();
        assertThat(put(OLD, new KvCommand.Always())).isEqualTo(done(OLD, 1));
    }

    @Test
    void absentWritesOnlyWhereNothingIs() {
        assertThat(put(OLD, new KvCommand.Absent())).isEqualTo(done(OLD, 1));
        assertThat(put(NEW, new KvCommand.Absent())).isEqualTo(refused(OLD, 1));
    }

    @Test
    void expectWritesOnlyOverWhatIsExpected() {
        assertThat(put(NEW, new KvCommand.Expect(OLD))).isEqualTo(new KvStore.Result(false, null));
        put(OLD, new KvCommand.Always());
        assertThat(put(NEW, new KvCommand.Expect(NEW))).isEqualTo(refused(OLD, 1));
        assertThat(put(NEW, new KvCommand.Expect(OLD))).isEqualTo(done(NEW, 2));
    }

    @Test
    void deletionObeysTheConditionToo() {
        put(OLD, new KvCommand.Always());

        assertThat(put(null, new KvCommand.Expect(NEW))).isEqualTo(refused(OLD, 1));
        assertThat(put(null, new KvCommand.Expect(OLD))).isEqualTo(done(OLD, 1));
        assertThat(put(null, new KvCommand.Always())).isEqualTo(new KvStore.Result(true, null));
    }

    private static KvStore.Result done(Payload value, long version) {
        return new KvStore.Result(true, new KvStore.Entry(value, version));
    }

    private static KvStore.Result refused(Payload value, long version) {
        return new KvStore.Result(false, new KvStore.Entry(value, version));
    }

    private KvStore.Result put(@Nullable Payload value, KvCommand.Condition condition) {
        ApplyContext context = new ApplyContext(slot++, new LogTime(0), new CommandId(0, slot));
        return store.apply(context, new KvCommand("k", value, condition));
    }
}
