package io.sparkpeft.compute.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.UnusableDeviceException;
import io.sparkpeft.compute.cpu.CpuBackend;
import org.junit.jupiter.api.Test;

class Nd4jFallbackTest {
    private static final Runnable UNUSABLE = () -> {
        throw new UnusableDeviceException("Cannot use it: too new");
    };

    @Test
    void theProcessorComputesOnlyIfAskedFor() {
        assertThatThrownBy(() -> Nd4jBackendProvider.create(UNUSABLE, false)).hasMessage("Cannot use it: too new");
        try (Backend backend = Nd4jBackendProvider.create(UNUSABLE, true)) {
            assertThat(backend).isInstanceOf(CpuBackend.class);
        }
        try (Backend backend = Nd4jBackendProvider.create(() -> {}, true)) {
            assertThat(backend).isInstanceOf(Nd4jBackend.class);
        }
    }
}
