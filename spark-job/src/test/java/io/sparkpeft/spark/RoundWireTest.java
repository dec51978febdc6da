package io.sparkpeft.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundTally;
import org.junit.jupiter.api.Test;

class RoundWireTest {
    private static final float[] VALUES = {1.5f, -0f, Float.MIN_VALUE, 3e38f, -2f};
    private static final RoundTally TALLY = new RoundTally(1, 2, 3, 4, 5.5, 6.25);

    private static OptimizerState moments() {
        return new OptimizerState(new float[] {1, 2, 3, 4, 5}, new float[] {6, 7, 8, 9, 10});
    }

    @Test
    void whatIsDecodedIsWhatWasEncoded() {
        byte[] bytes = RoundWire.encode(VALUES, moments(), TALLY);
        LocalUpdate decoded = RoundWire.decode(bytes);

        assertThat(bytes).hasSize((int) RoundWire.length(VALUES.length, true));
        assertThat(decoded.values()).isEqualTo(VALUES);
        assertThat(decoded.moments().first()).isEqualTo(moments().first());
        assertThat(decoded.moments().second()).isEqualTo(moments().second());
        assertThat(decoded.tally()).isEqualTo(TALLY);
        assertThat(RoundWire.decode(RoundWire.encode(VALUES, OptimizerState.none(), TALLY))
                        .moments()
                        .isNone())
                .isTrue();
    }

    @Test
    void vectorsLookIntoTheMessage() {
        byte[] bytes = RoundWire.encode(VALUES, moments(), TALLY);
        for (int i = 0; i < VALUES.length; i++) {
            assertThat(RoundWire.values(bytes).get(i)).isEqualTo(VALUES[i]);
            assertThat(RoundWire.open(bytes).vectors().get(2).get(i)).isEqualTo(6f + i);
        }
        assertThat(RoundWire.values(bytes).limit()).isEqualTo(VALUES.length);
    }

    @Test
    void everyDamagedByteIsFound() {
        byte[] bytes = RoundWire.encode(VALUES, moments(), TALLY);
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 4;
            assertThatThrownBy(() -> RoundWire.open(damaged)).hasMessageContaining("damaged");
        }
        assertThatThrownBy(() -> RoundWire.decode(new byte[3])).hasMessageContaining("3 bytes");
    }
}
