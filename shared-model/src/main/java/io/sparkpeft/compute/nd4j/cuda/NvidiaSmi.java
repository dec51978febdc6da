package io.sparkpeft.compute.nd4j.cuda;

import io.sparkpeft.compute.UnusableDeviceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Asks the driver's own tool for its devices, which loads nothing of CUDA into this process. */
public final class NvidiaSmi {
    private static final String TOOL = "nvidia-smi";

    private NvidiaSmi() {}

    /**
     * The devices of this machine.
     *
     * @throws UnusableDeviceException if there is no driver, or no device
     */
    static List<CudaDevice> devices() {
        return devices(TOOL);
    }

    static List<CudaDevice> devices(String tool) {
        List<CudaDevice> devices = ask(tool)
                .lines()
                .filter(line -> !line.isBlank())
                .map(CudaDevice::parse)
                .toList();
        if (devices.isEmpty()) {
            throw new UnusableDeviceException("Cannot use ND4J's CUDA kernels: %s lists no GPU".formatted(tool));
        }
        return devices;
    }

    private static String ask(String tool) {
        try {
            Process process = new ProcessBuilder(
                            tool, "--query-gpu=index,uuid,name,compute_cap", "--format=csv,noheader")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new UnusableDeviceException("Cannot use ND4J's CUDA kernels: %s ended with %d (%s)"
                        .formatted(tool, code, said.strip().replaceAll("\\s+", " ")));
            }
            return said;
        } catch (IOException e) {
            throw new UnusableDeviceException(
                    "Cannot use ND4J's CUDA kernels: there is no NVIDIA driver here (%s)".formatted(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnusableDeviceException("Cannot use ND4J's CUDA kernels: interrupted while asking " + tool, e);
        }
    }
}
