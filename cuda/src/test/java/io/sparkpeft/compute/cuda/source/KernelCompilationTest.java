package io.sparkpeft.compute.cuda.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels are CUDA C that NVIDIA's own compiler takes without a warning, where it is installed. */
class KernelCompilationTest {
    /** Bytes that a thread may keep in memory for want of registers: a loop's counter or two, never a tile. */
    private static final int MOST_SPILLED = 16;
    /** Three blocks of 256 threads share the 65,536 registers of a multiprocessor. */
    private static final int MOST_REGISTERS = 80;

    private static final Pattern ENTRY = Pattern.compile(
            "Compiling entry function '(\\w+)'.*?(\\d+) bytes spill stores.*?Used (\\d+) registers", Pattern.DOTALL);

    @TempDir
    Path directory;

    @BeforeEach
    void needsTheCompiler() {
        assumeTrue(Tool.exists("nvcc"), "nvcc is not installed: the kernels were not compiled for any card");
    }

    private record Usage(int spilled, int registers) {}

    @ParameterizedTest
    @ValueSource(strings = {"sm_75", "sm_80", "sm_90", "sm_100"})
    void everyKernelBecomesMachineCodeInFewRegisters(String architecture) throws IOException {
        Map<String, Usage> kernels = usages(compile("--cubin", architecture));
        assertThat(kernels.keySet()).isEqualTo(KernelSources.kernels(KernelSources.joined()));
        kernels.forEach((name, usage) -> {
            assertThat(usage.spilled())
                    .as("%s on %s spills", name, architecture)
                    .isLessThanOrEqualTo(MOST_SPILLED);
            assertThat(usage.registers()).as("%s on %s", name, architecture).isLessThanOrEqualTo(MOST_REGISTERS);
        });
    }

    @Test
    void theOldestArchitectureHasPtxOfEveryKernel() throws IOException {
        compile("--ptx", "compute_75");
        String ptx = Files.readString(directory.resolve("kernels.out"));
        for (String kernel : KernelSources.kernels(KernelSources.joined())) {
            assertThat(ptx).contains(".entry " + kernel + "(");
        }
    }

    private String compile(String form, String architecture) throws IOException {
        Path source = directory.resolve("kernels.cu");
        Files.writeString(source, KernelSources.joined());
        Tool nvcc = Tool.run(
                "nvcc",
                form,
                "-arch=" + architecture,
                "-std=c++17",
                "--Werror=all-warnings",
                "-Wno-deprecated-gpu-targets",
                "--resource-usage",
                "-o",
                directory.resolve("kernels.out").toString(),
                source.toString());
        assertThat(nvcc.code()).as(nvcc.output()).isZero();
        return nvcc.output();
    }

    private static Map<String, Usage> usages(String output) {
        Map<String, Usage> usages = new TreeMap<>();
        Matcher entries = ENTRY.matcher(output);
        while (entries.find()) {
            usages.put(
                    entries.group(1),
                    new Usage(Integer.parseInt(entries.group(2)), Integer.parseInt(entries.group(3))));
        }
        return usages;
    }
}
