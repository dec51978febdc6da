package io.sparkpeft.store;

import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Lets only the newest driver of a run write. Every driver takes the next epoch number by creating a file that must not
 * exist yet; one that finds a higher number than its own is a twin that was given up for lost, and must stop.
 */
public final class DriverFence {
    static final String DIRECTORY = "drivers";

    private final Storage drivers;
    private final int epoch;

    private DriverFence(Storage drivers, int epoch) {
        this.drivers = drivers;
        this.epoch = epoch;
    }

    /**
     * Takes the run over.
     *
     * @param driver who takes it, such as host and application id
     */
    static DriverFence take(Storage run, String driver) {
        Storage drivers = run.directory(DIRECTORY);
        int epoch = newest(drivers) + 1;
        while (!drivers.createNew(name(epoch), driver.getBytes(StandardCharsets.UTF_8))) {
            epoch++;
        }
        return new DriverFence(drivers, epoch);
    }

    /** The number of this driver, from 1. */
    public int epoch() {
        return epoch;
    }

    /**
     * To be called before anything is written that another driver might read.
     *
     * @throws JobException if another driver has taken the run over
     */
    public void require() {
        int newest = newest(drivers);
        if (newest != epoch) {
            throw new JobException(
                    FailureKind.RETRYABLE,
                    "Cannot go on with the run %s: another driver has taken it over (driver %d: %s; this is driver %d)"
                            .formatted(
                                    drivers.uri(),
                                    newest,
                                    newest > 0 ? drivers.readText(name(newest)).strip() : "the directory was emptied",
                                    epoch));
        }
    }

    private static int newest(Storage drivers) {
        List<String> names = drivers.list();
        return names.stream()
                .filter(name -> name.matches("\\d{6}"))
                .max(Comparator.naturalOrder())
                .map(Integer::parseInt)
                .orElse(0);
    }

    private static String name(int epoch) {
        return String.format(Locale.ROOT, "%06d", epoch);
    }
}
