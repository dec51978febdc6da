package io.sparkpeft.energy.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On folders as Linux shows them. */
class PowercapTest {
    private static final long RANGE = 262_143_328_850L;

    @TempDir
    Path root;

    @Test
    void countsPackagesAndTheirMemoryOnceEach() throws IOException {
        zone("intel-rapl:0", "package-0", "1000");
        zone("intel-rapl:0:0", "core", "400");
        zone("intel-rapl:0:1", "dram", "70");
        zone("intel-rapl:1", "package-1", "2000");
        zone("intel-rapl:1:0", "dram", "80");
        zone("intel-rapl:2", "psys", "9000");
        zone("intel-rapl-mmio:0", "package-0", "1001");
        Files.createDirectories(root.resolve("intel-rapl"));
        assertThat(Powercap.open(root).read())
                .containsExactlyInAnyOrder(
                        new Counter("package-0", "package", 1000, RANGE),
                        new Counter("0/dram", "dram", 70, RANGE),
                        new Counter("package-1", "package", 2000, RANGE),
                        new Counter("1/dram", "dram", 80, RANGE));
    }

    @Test
    void takesMemoryMappedCountersWhereThereAreNoOthers() throws IOException {
        zone("intel-rapl-mmio:0", "package-0", "5");
        assertThat(Powercap.open(root).read()).containsExactly(new Counter("package-0", "package", 5, RANGE));
    }

    @Test
    void saysWhyThereIsNothingToRead() throws IOException {
        Path nowhere = root.resolve("nowhere");
        assertThatThrownBy(() -> Powercap.open(nowhere))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no %s, as on most virtual machines", nowhere);
        assertThatThrownBy(() -> Powercap.open(root))
                .isInstanceOf(IOException.class)
                .hasMessage("%s has no counter of a processor package", root);
        zone("intel-rapl:0", "package-0", "much");
        Path energy = root.resolve("intel-rapl:0/energy_uj");
        assertThatThrownBy(() -> Powercap.open(root).read())
                .isInstanceOf(IOException.class)
                .hasMessage("%s holds no number but \"much\"", energy);
        Files.delete(energy);
        assertThatThrownBy(() -> Powercap.open(root).read())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot read " + energy);
    }

    private void zone(String folder, String name, String energy) throws IOException {
        Path zone = Files.createDirectories(root.resolve(folder));
        Files.writeString(zone.resolve("name"), name + "\n");
        Files.writeString(zone.resolve("energy_uj"), energy + "\n");
        Files.writeString(zone.resolve("max_energy_range_uj"), RANGE + "\n");
    }
}
