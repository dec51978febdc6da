package io.sparkpeft.fault.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Sets the clock of a process apart from this one's, by libfaketime, where that is installed and {@code
 * -Dclocks.apart=true} asks for it: under it a process asks for the time far more slowly, and its test takes minutes.
 * What measures how long things take is left as it is, as it is on machines whose clocks differ.
 */
public record SkewedClock(int hours) {
    private static final List<String> LIBRARIES = List.of(
            "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
            "/usr/lib64/faketime/libfaketimeMT.so.1",
            "/usr/lib/faketime/libfaketimeMT.so.1");

    /** Whether clocks can be set apart here; says in a line where they cannot. */
    public static boolean isPossible() {
        boolean possible = Boolean.getBoolean("clocks.apart")
                && LIBRARIES.stream().map(Path::of).anyMatch(Files::exists);
        if (!possible) {
            System.out.println(
                    "fault: left out: clocks of processes set apart (needs -Dclocks.apart=true and libfaketime)");
        }
        return possible;
    }

    /** The variables that a process is to be started with. */
    public Map<String, String> environment() {
        String library = LIBRARIES.stream()
                .filter(file -> Files.exists(Path.of(file)))
                .findFirst()
                .orElseThrow();
        return Map.of("LD_PRELOAD", library, "FAKETIME", "%+dh".formatted(hours), "FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }
}
