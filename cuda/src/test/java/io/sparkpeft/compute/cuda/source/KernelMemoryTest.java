package io.sparkpeft.compute.cuda.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kernel stays inside its matrices, reads no unaligned packs and gives the same bits in every order of threads and
 * blocks: a program that launches all of them on the emulator, under the sanitizers of g++.
 */
class KernelMemoryTest {
    @TempDir
    Path directory;

    @Test
    @EnabledIfSystemProperty(
            named = "sanitizers",
            matches = "true",
            disabledReason = "it takes three quarters of a minute: -Dsanitizers=true runs it")
    void sanitizersFindNothing() {
        String compiler = System.getenv().getOrDefault("CXX", "g++");
        assumeTrue(
                Tool.exists(compiler), compiler + " is not installed: the kernels were not run under its sanitizers");
        String program = directory.resolve("check").toString();
        Tool build = Tool.run(
                "sh", KernelSources.BUILD_SCRIPT.toString(), "--check", KernelSources.DIRECTORY.toString(), program);
        assertThat(build.code()).as(build.output()).isZero();
        Tool check = Tool.run(program);
        assertThat(check.code()).as(check.output()).isZero();
        assertThat(check.output()).contains("kernels agree in all orders");
    }
}
