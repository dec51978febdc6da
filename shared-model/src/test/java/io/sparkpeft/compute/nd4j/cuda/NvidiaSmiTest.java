package io.sparkpeft.compute.nd4j.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.compute.UnusableDeviceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NvidiaSmiTest {
    @TempDir
    private Path directory;

    private String tool(String script) throws IOException {
        Path tool = Files.writeString(directory.resolve("tool"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
        return tool.toString();
    }

    @Test
    void withoutADriverOneSentenceSaysSo() {
        String tool = directory.resolve("none").toString();
        assertThatThrownBy(() -> NvidiaSmi.devices(tool))
                .isInstanceOf(UnusableDeviceException.class)
                .hasMessageStartingWith("Cannot use ND4J's CUDA kernels: there is no NVIDIA driver here (")
                .hasMessageContaining(tool);
    }

    @Test
    void whatTheToolComplainsOfIsSaid() throws IOException {
        String tool = tool("echo 'NVIDIA-SMI has failed.\nIs the driver running?'; exit 9");
        assertThatThrownBy(() -> NvidiaSmi.devices(tool))
                .hasMessage(
                        "Cannot use ND4J's CUDA kernels: %s ended with 9 (NVIDIA-SMI has failed. Is the driver running?)",
                        tool);
        String silent = tool("exit 0");
        assertThatThrownBy(() -> NvidiaSmi.devices(silent)).hasMessageEndingWith("lists no GPU");
    }

    @Test
    void everyDeviceIsListed() throws IOException {
        String tool = tool("[ \"$1\" = --query-gpu=index,uuid,name,compute_cap ] || exit 1\n"
                + "echo '0, GPU-a, NVIDIA A100, 8.0'\necho '1, GPU-b, NVIDIA H100, 9.0'");
        assertThat(NvidiaSmi.devices(tool))
                .containsExactly(
                        new CudaDevice(0, "GPU-a", "NVIDIA A100", new Capability(8, 0)),
                        new CudaDevice(1, "GPU-b", "NVIDIA H100", new Capability(9, 0)));
    }
}
