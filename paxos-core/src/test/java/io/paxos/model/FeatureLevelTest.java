// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FeatureLevelTest {

    private static final CommandId ID = new CommandId(1, 1);

    @Test
    void rule9_eachKindOfValueNeedsTheLevelThatBroughtIt() {
        Membership one = Membership.of(Map.of(NodeId.of("a"), new Incarnation(1)));
        Value change = new Value.Reconfigure(new Configuration(1, one, new TreeSet<>()));
        Value fence = Value.Command.fence(ID, LogTime.ZERO);
        for (Value value : new Value[] {
            Value.NO_OP,
            new Value.Command(ID, 1, LogTime.ZERO, Payload.EMPTY),
            new Value.OpenSession(NodeId.of("a"), 1, LogTime.ZERO)
        }) {
            assertThat(FeatureLevel.BASE.allows(value)).as("%s", value).isTrue();
        }
        assertThat(FeatureLevel.BASE.allows(change)).isFalse();
        assertThat(FeatureLevel.BASE.allows(fence)).isFalse();
        assertThat(FeatureLevel.CHANGES_AND_FENCES.allows(change)).isTrue();
        assertThat(FeatureLevel.CHANGES_AND_FENCES.allows(fence)).isTrue();
        assertThat(new Value.RaiseLevel(new FeatureLevel(7)).level()).isEqualTo(new FeatureLevel(7));
    }

    @Test
    void levelsAreOrderedByTheirNumbers() {
        FeatureLevel high = new FeatureLevel(12);
        assertThat(FeatureLevel.min(FeatureLevel.LATEST, high)).isEqualTo(FeatureLevel.LATEST);
        assertThat(FeatureLevel.max(high, FeatureLevel.LATEST)).isEqualTo(high);
        assertThat(high).hasToString("feature level 12");
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> new FeatureLevel(-1)).hasMessageContaining("from 0, not from -1");
        assertThatThrownBy(() -> new Value.RaiseLevel(FeatureLevel.BASE)).hasMessageContaining("nothing to raise");
    }
}
