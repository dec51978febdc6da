package io.sparkpeft.energy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Counters of one socket and its memory, as Linux shows them, that a test moves. */
public final class PowercapFolder {
    private static final long RANGE = 65_532_610_987L;

    private final Path root;
    private long microjoules;

    /** @param microjoules what both counters start at */
    public PowercapFolder(Path root, long microjoules) throws IOException {
        this.root = root;
        this.microjoules = microjoules;
        zone("intel-rapl:0", "package-0");
        zone("intel-rapl:0:0", "core");
        zone("intel-rapl:0:1", "dram");
        zone("intel-rapl:1", "psys");
        show();
    }

    private void zone(String folder, String name) throws IOException {
        Path zone = Files.createDirectories(root.resolve(folder));
        Files.writeString(zone.resolve("name"), name + "\n");
        Files.writeString(zone.resolve("max_energy_range_uj"), RANGE + "\n");
    }

    /** Both counters rise, and start again behind their range. */
    public synchronized void rise(double joules) throws IOException {
        microjoules = (microjoules + Math.round(joules * 1e6)) % RANGE;
        show();
    }

    private void show() throws IOException {
        for (String zone : new String[] {"intel-rapl:0", "intel-rapl:0:0", "intel-rapl:0:1", "intel-rapl:1"}) {
            Path aside = Files.writeString(root.resolve("aside"), microjoules + "\n");
            Files.move(aside, root.resolve(zone).resolve("energy_uj"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
