package io.sparkpeft.energy.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostSamplerTest {
    @TempDir
    Path root;

    private final BlockingQueue<Reading> told = new LinkedBlockingQueue<>();

    @Test
    void tellsOnceOfAHostWithoutCountersAndReadsNoMore() {
        HostEnergy none = HostEnergy.open(root.resolve("nowhere").toString(), List.of());
        try (HostSampler sampler = HostSampler.start(none, told::add)) {
            sampler.sample();
            assertThat(told).hasSize(1);
            assertThat(told.remove().failure()).contains("as on most virtual machines");
        }
    }

    private Path zone() throws IOException {
        Path zone = Files.createDirectories(root.resolve("intel-rapl:0"));
        Files.writeString(zone.resolve("name"), "package-0\n");
        Files.writeString(zone.resolve("max_energy_range_uj"), "1000\n");
        Files.writeString(zone.resolve("energy_uj"), "1\n");
        return zone;
    }

    /** With or without an NVIDIA driver on the machine that tests. */
    @Test
    void aGpuIsCountedOrItIsSaidWhyNot() throws IOException {
        zone();
        Reading reading = HostEnergy.open(root.toString(), List.of("0")).read();
        List<String> parts = reading.counters().stream().map(Counter::part).toList();
        if (reading.failed()) {
            assertThat(reading.failure()).isNotBlank();
            assertThat(parts).isEmpty();
        } else {
            assertThat(parts).containsExactly("package", "gpu");
        }
    }

    @Test
    void readsAgainAndAgainUntilItIsClosed() throws IOException, InterruptedException {
        Path zone = zone();
        HostEnergy energy = HostEnergy.open(root.toString(), List.of());
        HostSampler sampler = HostSampler.start(energy, told::add);
        Reading first = told.remove();
        assertThat(first.counters()).containsExactly(new Counter("package-0", "package", 1, 1000));
        Files.writeString(zone.resolve("energy_uj"), "5\n");
        Reading later = first;
        while (later.counters().get(0).microjoules() == 1) {
            later = told.poll(60, TimeUnit.SECONDS);
            assertThat(later).isNotNull();
        }
        assertThat(later.host()).isEqualTo(first.host());
        assertThat(later.nanoseconds()).isGreaterThan(first.nanoseconds());
        sampler.close();
        told.clear();
        sampler.sample();
        assertThat(told).isEmpty();
    }
}
