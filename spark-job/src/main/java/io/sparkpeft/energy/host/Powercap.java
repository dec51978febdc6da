package io.sparkpeft.energy.host;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * RAPL counters of the processors of Intel and AMD, as Linux shows them under {@code /sys/class/powercap}. Counted are
 * the packages, and beside them the memory ({@code dram}), which is no part of a package. Not counted again are the
 * parts of a package (core, uncore) and the platform (psys), which the packages are a part of. The same package may be
 * there a second time, through memory-mapped registers: that is taken only where the first is not.
 */
final class Powercap implements CounterSource {
    /** Where Linux shows the counters. */
    static final Path ROOT = Path.of("/sys/class/powercap");

    private static final List<String> TYPES = List.of("intel-rapl", "intel-rapl-mmio");
    private static final Pattern ZONE = Pattern.compile("(.+?):(\\d+)(?::(\\d+))?");

    private final List<Zone> zones;

    private Powercap(List<Zone> zones) {
        this.zones = zones;
    }

    /** One counter: its name, what it counts, its file, and its largest value. */
    private record Zone(String name, String part, Path energy, long range) {}

    /**
     * Finds the counters.
     *
     * @param root {@link #ROOT}, or where a container sees it
     * @throws IOException if there are none
     */
    static Powercap open(Path root) throws IOException {
        List<Path> entries;
        try (Stream<Path> list = Files.list(root)) {
            entries = list.sorted().toList();
        } catch (IOException e) {
            throw new IOException("there is no %s, as on most virtual machines".formatted(root), e);
        }
        for (String type : TYPES) {
            List<Zone> zones = zones(entries, type);
            if (!zones.isEmpty()) {
                return new Powercap(zones);
            }
        }
        throw new IOException("%s has no counter of a processor package".formatted(root));
    }

    private static List<Zone> zones(List<Path> entries, String type) throws IOException {
        List<Zone> zones = new ArrayList<>();
        for (Path entry : entries) {
            Matcher match = ZONE.matcher(entry.getFileName().toString());
            if (!match.matches() || !match.group(1).equals(type)) {
                continue;
            }
            String name = text(entry.resolve("name"));
            boolean isPart = match.group(3) != null;
            if (!isPart && name.startsWith("package")) {
                zones.add(zone(entry, name, "package"));
            } else if (isPart && name.equals("dram")) {
                zones.add(zone(entry, "%s/dram".formatted(match.group(2)), "dram"));
            }
        }
        return zones;
    }

    private static Zone zone(Path entry, String name, String part) throws IOException {
        return new Zone(name, part, entry.resolve("energy_uj"), number(entry.resolve("max_energy_range_uj")));
    }

    @Override
    public List<Counter> read() throws IOException {
        List<Counter> counters = new ArrayList<>();
        for (Zone zone : zones) {
            counters.add(new Counter(zone.name, zone.part, number(zone.energy), zone.range));
        }
        return counters;
    }

    private static long number(Path file) throws IOException {
        String text = text(file);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException("%s holds no number but \"%s\"".formatted(file, text), e);
        }
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file).strip();
        } catch (AccessDeniedException e) {
            throw new IOException("no permission to read %s".formatted(file), e);
        } catch (IOException e) {
            throw new IOException("cannot read %s (%s)".formatted(file, e.getMessage()), e);
        }
    }
}
