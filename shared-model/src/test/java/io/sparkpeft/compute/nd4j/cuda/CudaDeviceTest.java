package io.sparkpeft.compute.nd4j.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.compute.UnusableDeviceException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CudaDeviceTest {
    private static CudaDevice device(int index, String capability) {
        return CudaDevice.parse("%d, GPU-%d, NVIDIA Some %d, %s".formatted(index, index, index, capability));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.7", "5.0", "6.1", "7.0", "7.5", "8.0", "8.6", "8.7", "8.9"})
    void whatTheBinariesHoldCodeForIsTaken(String capability) {
        CudaDevice device = device(0, capability);
        assertThat(device.require()).isSameAs(device);
        assertThat(device.capability()).hasToString(capability);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1", "3.5", "9.0", "10.0", "12.0", "8.10"})
    void othersAreRefusedInASentence(String capability) {
        assertThatThrownBy(() -> device(3, capability).require())
                .isInstanceOf(UnusableDeviceException.class)
                .hasMessage(
                        "Cannot use ND4J's CUDA kernels on NVIDIA Some 3: compute capability %s, they hold machine code for 3.7 to 8.6; use model.backend=cuda or cpu",
                        capability);
    }

    @Test
    void addressesAreIndicesOrUuids() {
        List<CudaDevice> devices = List.of(device(0, "8.0"), device(1, "8.6"));
        assertThat(CudaDevice.at("1", devices)).isEqualTo(devices.get(1));
        assertThat(CudaDevice.at("GPU-0", devices)).isEqualTo(devices.get(0));
        assertThatThrownBy(() -> CudaDevice.at("2", devices))
                .hasMessage("Cannot use ND4J's CUDA kernels on GPU 2: the driver lists [0 (GPU-0), 1 (GPU-1)]");
    }

    @Test
    void cudaCountsTheDevicesThatTheProcessMaySee() {
        CudaDevice device = device(3, "8.0");
        assertThat(device.ordinal(Map.of())).isEqualTo(3);
        assertThat(device.ordinal(Map.of("CUDA_VISIBLE_DEVICES", "5, 3"))).isEqualTo(1);
        assertThat(device.ordinal(Map.of("CUDA_VISIBLE_DEVICES", "GPU-3"))).isZero();
        assertThatThrownBy(() -> device.ordinal(Map.of("CUDA_VISIBLE_DEVICES", "1")))
                .hasMessageContaining("CUDA_VISIBLE_DEVICES=1 hides it");
    }

    @Test
    void aProcessUsesOneDevice() {
        CudaDevice device = device(1, "8.0");
        assertThat(CudaProcess.same(device, Optional.empty())).isSameAs(device);
        assertThat(CudaProcess.same(device, Optional.of("GPU-1"))).isSameAs(device);
        assertThatThrownBy(() -> CudaProcess.same(device, Optional.of("0")))
                .hasMessage(
                        "Cannot use ND4J's CUDA kernels on GPU 0: this executor's other tasks use GPU 1; give each executor one GPU");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0, GPU-1, Some", "x, GPU-1, Some, 8.0", "0, GPU-1, Some, [N/A]", "0, GPU-1, Some, 8"})
    void otherAnswersAreRefused(String line) {
        assertThatThrownBy(() -> CudaDevice.parse(line)).hasMessage("Invalid answer of nvidia-smi: " + line);
    }
}
