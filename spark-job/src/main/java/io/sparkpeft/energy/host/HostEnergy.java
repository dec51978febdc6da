package io.sparkpeft.energy.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the counters of the machine that this process runs on. Whatever keeps it from that, such as an old driver whose
 * library lacks a function, is told of and never thrown: the process has other work to do.
 */
public final class HostEnergy {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    private final String host;
    private final String name;
    private final List<CounterSource> sources = new ArrayList<>();
    private String failure = "";

    private HostEnergy() {
        this.name = name();
        this.host = identity(name);
    }

    /**
     * Opens the counters of the processors, and of some GPUs.
     *
     * @param powercap where Linux shows the counters; empty: where it always does
     * @param gpus those that this process may use, none in most cases
     */
    public static HostEnergy open(String powercap, List<String> gpus) {
        HostEnergy energy = new HostEnergy();
        try {
            energy.sources.add(Powercap.open(powercap.isEmpty() ? Powercap.ROOT : Path.of(powercap)));
            if (!gpus.isEmpty()) {
                energy.sources.add(Nvml.open(gpus));
            }
        } catch (IOException | LinkageError e) {
            energy.failure = String.valueOf(e.getMessage());
        }
        return energy;
    }

    /** What the counters stand at now. */
    public Reading read() {
        long now = System.nanoTime();
        List<Counter> counters = new ArrayList<>();
        if (failure.isEmpty()) {
            try {
                for (CounterSource source : sources) {
                    counters.addAll(source.read());
                }
            } catch (IOException | LinkageError e) {
                return new Reading(host, name, now, List.of(), String.valueOf(e.getMessage()));
            }
        }
        return new Reading(host, name, now, counters, failure);
    }

    /** What the machine calls itself, which is there in every process; Spark's own name for it is not. */
    private static String name() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "a host without a name";
        }
    }

    /** What all processes of a running machine share; the name where the system does not tell. */
    private static String identity(String name) {
        try {
            return Files.readString(BOOT).strip();
        } catch (IOException e) {
            return name;
        }
    }
}
