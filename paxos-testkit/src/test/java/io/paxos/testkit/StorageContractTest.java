// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.node.InMemoryStorage;
import io.paxos.spi.Storage;
import io.paxos.testkit.toy.ToyFault;
import io.paxos.testkit.toy.ToyFileStorage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract accepts storages that keep it, and rejects each way of breaking it. */
class StorageContractTest {

    private static class OfToys extends StorageContract {
        private final Set<ToyFault> faults;

        OfToys(Set<ToyFault> faults) {
            this.faults = faults;
        }

        @Override
        protected Storage open(Path directory) {
            return new ToyFileStorage(directory, faults);
        }

        @Override
        protected boolean mayLoseLastBatchToDamage() {
            return true;
        }

        @Override
        protected int largeBatchBytes() {
            return 64 << 10;
        }

        @Override
        protected long stuckAfterSeconds() {
            return faults.contains(ToyFault.HANGS_ON_DAMAGE) ? 1 : super.stuckAfterSeconds();
        }
    }

    @Nested
    class AcceptsASoundOne extends OfToys {
        AcceptsASoundOne() {
            super(Set.of());
        }

        @Override
        protected int crashStates() {
            return 20_000;
        }
    }

    @Nested
    class AcceptsOneInMemory extends StorageContract {
        private final Map<Path, Storage> stores = new HashMap<>();

        @Override
        protected Storage open(Path directory) {
            return stores.computeIfAbsent(directory, d -> new InMemoryStorage());
        }

        @Override
        protected boolean keepsDataOnDisk() {
            return false;
        }
    }

    private interface Check {
        void of(StorageContract contract) throws Exception;
    }

    private static final Check CRASHES = StorageContract::whatWasConfirmedSurvivesEveryCrash;
    private static final Check FAULTS = StorageContract::aFaultOfTheDiskCostsNothingThatWasConfirmed;
    private static final Check DAMAGE = StorageContract::damageIsHarmlessOrRefusedWithPlaceAndRemedy;

    static Stream<Arguments> faults() {
        return Stream.of(
                fault(ToyFault.NO_FORCE, CRASHES, ""),
                fault(ToyFault.FORCE_BEFORE_WRITE, CRASHES, "must be there"),
                fault(ToyFault.NO_DIRECTORY_FORCE, CRASHES, "the store"),
                fault(ToyFault.SNAPSHOT_NOT_FORCED, CRASHES, "cannot be opened, though its disk is in order"),
                fault(ToyFault.NO_CHECKSUM, CRASHES, ""),
                fault(ToyFault.BATCH_NOT_ATOMIC, CRASHES, "the state after no batch"),
                fault(ToyFault.START_NOT_WRITTEN, CRASHES, "each start must be a greater one"),
                fault(ToyFault.SNAPSHOT_RENAMED_EARLY, CRASHES, "cannot be opened, though its disk is in order"),
                fault(ToyFault.OLD_SNAPSHOT_DELETED_FIRST, CRASHES, "snapshot"),
                fault(ToyFault.TRIM_LOWERS_PROMISE, CRASHES, "promised"),
                fault(ToyFault.STALE_BYTES_REPLAYED, CRASHES, "the state after"),
                fault(ToyFault.DECREE_RESURRECTED, CRASHES, "decrees"),
                fault(ToyFault.RENAMED_NOT_MADE_SURE, CRASHES, "the store"),
                fault(ToyFault.IDENTITY_DRAWN_AGAIN, CRASHES, "one incarnation for ever"),
                fault(ToyFault.ABORTED_SNAPSHOT_COUNTS, CRASHES, "snapshot"),
                fault(ToyFault.RETRIES_FORCE, FAULTS, "after the fault"),
                fault(ToyFault.IGNORES_SHORT_WRITE, FAULTS, "after the fault"),
                fault(ToyFault.GOES_ON_AFTER_FAILURE, FAULTS, "a later one did not"),
                fault(ToyFault.BELIEVES_THE_CACHE, FAULTS, "opened again, and then"),
                fault(ToyFault.NO_CHECKSUM, DAMAGE, ""),
                fault(ToyFault.LENGTH_NOT_CHECKED, DAMAGE, ""),
                fault(ToyFault.CUTS_DAMAGE, DAMAGE, "neither noticed nor harmless"),
                fault(ToyFault.MISSING_JOURNAL_IS_FRESH, DAMAGE, "neither noticed nor harmless"),
                fault(ToyFault.THROWS_ANYTHING, DAMAGE, "not in an IOException"),
                fault(ToyFault.SAYS_NOTHING, DAMAGE, "names none of the files"),
                fault(ToyFault.HANGS_ON_DAMAGE, DAMAGE, "stuck"),
                plain(ToyFault.TRIM_LOWERS_PROMISE, StorageContract::rule8_aTrimForgetsTheSlotsAndKeepsThePromise),
                plain(ToyFault.DECREE_RESURRECTED, StorageContract::rule15_aDecidedDecreeIsNeverUndecidedAgain),
                plain(ToyFault.OLDER_SNAPSHOT_REPLACES, StorageContract::rule9_onlyANewerSnapshotTakesTheOldOnesPlace),
                plain(ToyFault.ABORTED_SNAPSHOT_COUNTS, StorageContract::aSnapshotThatIsGivenUpLeavesNothing),
                plain(ToyFault.FORGETS_GROUPS, StorageContract::thousandsOfGroupsAreKept),
                plain(ToyFault.START_NOT_WRITTEN, StorageContract::eachStartIsAGreaterOneAndTheIdentityStays),
                plain(ToyFault.IDENTITY_DRAWN_AGAIN, StorageContract::eachStartIsAGreaterOneAndTheIdentityStays),
                plain(ToyFault.NO_LOCK, StorageContract::twoCannotUseItAtOnce),
                plain(ToyFault.SERVES_ANYBODY, StorageContract::anotherOwnerIsRefusedByBothNames));
    }

    private static Arguments fault(ToyFault fault, Check check, String message) {
        String name = check == CRASHES ? "crashes" : check == FAULTS ? "faults" : "damage";
        return Arguments.of(fault, name, check, new String[] {message, "seed ", "paxos.storage.replay"});
    }

    private static Arguments plain(ToyFault fault, Check check) {
        return Arguments.of(fault, "plain tests", check, new String[] {""});
    }

    @ParameterizedTest(name = "{0} by {1}")
    @MethodSource("faults")
    void rejects(ToyFault fault, String by, Check check, String[] message) {
        OfToys contract = new OfToys(EnumSet.of(fault));
        contract.setUp();
        assertThatThrownBy(() -> check.of(contract))
                .isInstanceOf(AssertionError.class)
                .message()
                .contains(message);
    }

    @Test
    void everyFaultIsRejected() {
        assertThat(faults().map(fault -> (ToyFault) fault.get()[0]).collect(Collectors.toSet()))
                .isEqualTo(Arrays.stream(ToyFault.values()).collect(Collectors.toSet()));
    }
}
