package io.sparkpeft.compute.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.compute.cuda.device.Capability;
import io.sparkpeft.compute.cuda.device.DeviceException;
import io.sparkpeft.compute.cuda.device.DeviceFacts;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of a device before it is used. */
class CudaDevicesTest {
    private static final DeviceFacts HOPPER = device(0, "GPU-aa", 9, 0);
    private static final DeviceFacts TURING = device(1, "GPU-bb", 7, 5);
    private static final DeviceFacts VOLTA = device(2, "GPU-cc", 7, 0);

    private static DeviceFacts device(int index, String uuid, int major, int minor) {
        return new DeviceFacts(index, uuid, "card", new Capability(major, minor), 80L << 30, 132);
    }

    @Test
    void aTaskGetsTheDeviceThatSparkGaveIt() {
        List<DeviceFacts> devices = List.of(HOPPER, TURING);
        assertThat(CudaDevices.choose(Optional.empty(), devices)).isEqualTo(HOPPER);
        assertThat(CudaDevices.choose(Optional.of("1"), devices)).isEqualTo(TURING);
        assertThat(CudaDevices.choose(Optional.of("GPU-bb"), devices)).isEqualTo(TURING);
        assertThatThrownBy(() -> CudaDevices.choose(Optional.of("7"), devices))
                .isInstanceOf(DeviceException.class)
                .hasMessage("Cannot compute on GPU 7: the driver lists [0 (GPU-aa), 1 (GPU-bb)]");
    }

    @Test
    void oldDevicesAreRefusedInASentence() {
        CudaContext.requireNewEnough(TURING);
        assertThatThrownBy(() -> CudaContext.requireNewEnough(VOLTA))
                .isInstanceOf(DeviceException.class)
                .hasMessage(
                        "Cannot compute on card (GPU 2, compute capability 7.0, 81920 MiB, 132 multiprocessors): CUDA 13 compiles for compute capability 7.5 and newer; use model.backend=cpu");
    }

    @Test
    void shortNumbersNeedTensorCoresThatTakeThem() {
        CudaDevices.requireFor(TURING, Precision.FLOAT32);
        CudaDevices.requireFor(HOPPER, Precision.BF16);
        assertThatThrownBy(() -> CudaDevices.requireFor(TURING, Precision.TF32))
                .isInstanceOf(DeviceException.class)
                .hasMessageStartingWith("Cannot compute in TF32 on card")
                .hasMessageEndingWith("compute capability 8.0 or newer is needed");
    }

    @Test
    void memoryIsBoundedByANumberOfBytes() {
        assertThat(new MemoryLimit(OptionalLong.empty()).bytes(1000)).isEqualTo(900);
        assertThat(MemoryLimit.parse("512").bytes(1000)).isEqualTo(512);
        assertThat(MemoryLimit.parse("3k").bytes(1L << 40)).isEqualTo(3 << 10);
        assertThat(MemoryLimit.parse("8G").bytes(1L << 40)).isEqualTo(8L << 30);
        assertThat(MemoryLimit.parse("8g").bytes(1L << 30)).isEqualTo(1L << 30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"much", "8gb", "-1", "1.5g"})
    void otherSizesAreRefused(String text) {
        assertThatThrownBy(() -> MemoryLimit.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Invalid sparkpeft.cuda.memory: " + text
                        + " is no number of bytes, nor one with k, m or g behind it");
    }

    @Test
    void aMissingLibraryIsNamed() {
        LinkageError error = new UnsatisfiedLinkError("no jnicublas in java.library.path");
        error.initCause(new UnsatisfiedLinkError(
                "/tmp/libjnicublas.so: libcublasLt.so.13: cannot open shared object file: No such file or directory"));
        assertThat(NativeLibraries.sentence("cuBLAS", error, "/usr/lib"))
                .isEqualTo(
                        "Cannot compute on a GPU: libcublasLt.so.13 of cuBLAS is not found (LD_LIBRARY_PATH is \"/usr/lib\"; libcuda.so.1 comes with the driver, the others with CUDA 13)");
        assertThat(NativeLibraries.sentence("cuBLAS", new UnsatisfiedLinkError("broken"), ""))
                .isEqualTo("Cannot compute on a GPU: the bindings of cuBLAS do not load (broken)");
    }
}
