package io.sparkpeft.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.compute.cpu.CpuBackendProvider;
import org.junit.jupiter.api.Test;

class BackendProviderTest {
    @Test
    void unknownNamesAreRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> BackendProvider.create("cuda"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cuda")
                .hasMessageContaining("cpu, cpu-plain, cpu-profiled, nd4j, reference")
                .hasMessageContaining("cuda is in spark-peft-cuda.jar, which goes beside spark-peft.jar");
        assertThatThrownBy(() -> BackendProvider.create("gpu"))
                .hasMessage("Invalid backend: gpu (there are: cpu, cpu-plain, cpu-profiled, nd4j, reference)");
    }

    @Test
    void precisionsThatABackendDoesNotKnowAreRefused() {
        assertThatThrownBy(() -> new BackendChoice("cpu", Precision.BF16).create())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot compute in BF16: the backend cpu knows [FLOAT32]");
        assertThatThrownBy(() -> new BackendChoice("nd4j", Precision.TF32).create())
                .hasMessage("Cannot compute in TF32: the backend nd4j knows [FLOAT32]");
        try (Backend cpu = BackendChoice.of("cpu").create()) {
            assertThat(cpu).isNotNull();
        }
    }

    @Test
    void tensorsOfAnotherBackendAreRefused() {
        try (Backend cpu = BackendProvider.create("cpu");
                Backend reference = BackendProvider.create("reference")) {
            Tensor foreign = reference.allocate(2, 2);
            assertThatThrownBy(() -> cpu.fill(foreign, 1f))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("another backend");
            assertThatThrownBy(() -> reference.fill(cpu.allocate(2, 2), 1f))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("another backend");
        }
    }

    @Test
    void theProcessorIsDescribed() {
        assertThat(new CpuBackendProvider().description()).contains("OpenBLAS").contains("vectors of");
    }

    @Test
    void tensorsBeyondTheAddressableAreRefusedInASentence() {
        try (Backend cpu = BackendProvider.create("cpu")) {
            assertThatThrownBy(() -> cpu.allocate(40_000, 40_000))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Cannot allocate a tensor of 1600000000 floats");
        }
    }

    @Test
    void freedAndClosedMemoryIsNotReadAgain() {
        Backend cpu = BackendProvider.create("cpu");
        Tensor tensor = cpu.allocate(4, 4);
        Tensor view = cpu.rows(tensor, 1, 2);
        cpu.free(tensor);
        assertThatThrownBy(() -> cpu.fill(view, 1f)).isInstanceOf(RuntimeException.class);
        Tensor other = cpu.allocate(4, 4);
        cpu.close();
        assertThatThrownBy(() -> cpu.fill(other, 1f)).isInstanceOf(RuntimeException.class);
    }
}
