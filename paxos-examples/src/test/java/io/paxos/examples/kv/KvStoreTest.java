package io.paxos.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.CommandId;
import io.paxos.model.LogTime;
import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KvStoreTest {

    private static final Payload OLD = Payload.utf8("old");
    private static final Payload NEW = Payload.utf8("new");

    private final KvStore store = new KvStore();
    private long slot;

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
