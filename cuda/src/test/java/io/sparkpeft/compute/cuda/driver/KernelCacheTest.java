package io.sparkpeft.compute.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.cuda.device.Capability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelCacheTest {
    private static final Capability HOPPER = new Capability(9, 0);

    @TempDir
    Path directory;

    private int compilations;

    private KernelCache cache(Path where, String source, String version) {
        return new KernelCache(where, source, new KernelCache.Compiler() {
            @Override
            public String version() {
                return version;
            }

            @Override
            public byte[] compile(String text, Capability capability) {
                compilations++;
                return (version + text + capability).getBytes(StandardCharsets.UTF_8);
            }
        });
    }

    @Test
    void eachSourceDeviceAndCompilerIsCompiledOnce() throws IOException {
        byte[] code = cache(directory, "a", "13.0").code(HOPPER);
        assertThat(cache(directory, "a", "13.0").code(HOPPER)).isEqualTo(code);
        assertThat(compilations).isEqualTo(1);
        assertThat(cache(directory, "b", "13.0").code(HOPPER)).isNotEqualTo(code);
        assertThat(cache(directory, "a", "13.1").code(HOPPER)).isNotEqualTo(code);
        assertThat(cache(directory, "a", "13.0").code(new Capability(8, 0))).isNotEqualTo(code);
        assertThat(compilations).isEqualTo(4);
        try (Stream<Path> files = Files.list(directory)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).sorted().toList();
            assertThat(names).hasSize(4).allMatch(name -> name.matches("sm_[89]0-[0-9a-f]{64}\\.cubin"));
        }
    }

    @Test
    void aDirectoryThatCannotBeUsedCostsTimeOnly() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        byte[] code = cache(file, "a", "13.0").code(HOPPER);
        assertThat(cache(file, "a", "13.0").code(HOPPER)).isEqualTo(code);
        assertThat(compilations).isEqualTo(2);
    }

    @Test
    void theSourcesAreOneText() {
        String text = KernelSource.text();
        assertThat(text).contains("#line 1 \"common.cuh\"").contains("extern \"C\" __global__");
    }
}
