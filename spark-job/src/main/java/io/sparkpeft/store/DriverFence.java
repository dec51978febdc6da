package io.sparkpeft.store;

import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Lets only the newest driver of a run write. Every driver takes the next epoch number by creating a file that must not
 * exist yet; one that finds a higher number than its own is a twin that was given up for lost, and must stop. Object
 * stores let two drivers create the same file at once: the one whose words are in it afterwards is the newer.
 */
public final class DriverFence {
    static final String DIRECTORY = "drivers";

    private final Storage drivers;
    private final int epoch;
    private final String driver;

    private DriverFence(Storage drivers, int epoch, String driver) {
        this.drivers = drivers;
        this.epoch = epoch;
        this.driver = driver;
    }

    /**
     * Takes the run over.
     *
     * @param driver who takes it, such as host and application id
     */
    static DriverFence take(Storage run, String driver) {
        Storage drivers = run.directory(DIRECTORY);
        String unique = driver + " " + UUID.randomUUID();
        int epoch = newest(drivers) + 1;
        while (!drivers.createNew(name(epoch), unique.getBytes(StandardCharsets.UTF_8))) {
            epoch++;
        }
        return new DriverFence(drivers, epoch, unique);
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
        if (newest != epoch || !drivers.readText(name(epoch)).equals(driver)) {
            throw new JobException(
                    FailureKind.RETRYABLE,
                    "Cannot go on with the run %s: another driver has taken it over (driver %d: %s; this is driver %d)"
                            .formatted(
                                    drivers.uri(),
                                    newest,
                                    newest > 0
                                            ? withoutToken(drivers.readText(name(newest)))
                                            : "the directory was emptied",
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

    /** Who a driver is, without the token that tells it from another one of the same words. */
    private static String withoutToken(String driver) {
        return driver.substring(0, Math.max(0, driver.lastIndexOf(' ')));
    }

    private static String name(int epoch) {
        return String.format(Locale.ROOT, "%06d", epoch);
    }
}
