package io.sparkpeft.build;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.param.Fingerprint;
import io.sparkpeft.store.Versions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Which program this is: another build may compute other bits, so driver and executors must run the same.
 *
 * @param version that it was released as
 * @param fingerprint SHA-256 over names and CRC-32 of all classes of the program
 */
public record ProgramBuild(String version, String fingerprint) {
    private static final String CLASSES = "io/sparkpeft/";
    private static final ProgramBuild OWN = new ProgramBuild(Versions.program(), fingerprintOfClasses());

    /** The program that this process runs. */
    public static ProgramBuild own() {
        return OWN;
    }

    @Override
    public String toString() {
        return "%s (build %.12s)".formatted(version, fingerprint);
    }

    private static String fingerprintOfClasses() {
        Map<String, Long> sums = new TreeMap<>();
        for (Path place : places()) {
            try {
                if (Files.isDirectory(place)) {
                    addFiles(place, sums);
                } else {
                    addEntries(place, sums);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read the program in " + place, e);
            }
        }
        Fingerprint print = new Fingerprint();
        sums.forEach(
                (name, sum) -> print.add(name.getBytes(StandardCharsets.UTF_8)).add(sum));
        return print.hex();
    }

    /** The jar, or the directories of the modules. */
    private static TreeSet<Path> places() {
        TreeSet<Path> places = new TreeSet<>();
        for (Class<?> anchor : new Class<?>[] {ProgramBuild.class, DatasetException.class, Fingerprint.class}) {
            Optional.ofNullable(anchor.getProtectionDomain().getCodeSource())
                    .map(CodeSource::getLocation)
                    .filter(location -> location.getProtocol().equals("file"))
                    .ifPresent(location -> {
                        try {
                            places.add(Path.of(location.toURI()));
                        } catch (URISyntaxException e) {
                            throw new IllegalStateException("Cannot find the program at " + location, e);
                        }
                    });
        }
        return places;
    }

    private static void addEntries(Path jar, Map<String, Long> sums) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            zip.stream()
                    .filter(entry -> isClass(entry.getName()))
                    .forEach((ZipEntry entry) -> sums.put(entry.getName(), entry.getCrc()));
        }
    }

    private static void addFiles(Path directory, Map<String, Long> sums) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = directory.relativize(file).toString();
                if (isClass(name)) {
                    CRC32 sum = new CRC32();
                    sum.update(Files.readAllBytes(file));
                    sums.put(name, sum.getValue());
                }
            }
        }
    }

    private static boolean isClass(String name) {
        return name.startsWith(CLASSES) && name.endsWith(".class");
    }
}
