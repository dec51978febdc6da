package io.sparkpeft.store;

import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.store.file.Storage;
import java.util.Comparator;
import java.util.Locale;
import java.util.UUID;

/**
 * Lets only the newest driver of a run write. Every driver leaves a file of its own, named by the next number and by a
 * token that no other has; one that finds a later name than its own is a twin that was given up for lost, and must stop.
 * Two that start at once may take the same number, as nothing on an object store keeps them from it: then the greater
 * token is the later name. Since no driver writes over another's file, all of them see the same last name, whichever was
 * faster.
 */
public final class DriverFence {
    static final String DIRECTORY = "drivers";

    private static final int NUMBER_LENGTH = 6;
    private static final int TOKEN_LENGTH = 8;
    /** Without a token: of a version of this program that had none. */
    private static final String NAME = "\\d{6}(-[0-9a-f]{8})?";

    private final Storage drivers;
    private final int epoch;
    private final String name;

    private DriverFence(Storage drivers, int epoch, String name) {
        this.drivers = drivers;
        this.epoch = epoch;
        this.name = name;
    }

    /**
     * Takes the run over.
     *
     * @param driver who takes it, such as host and application id
     */
    static DriverFence take(Storage run, String driver) {
        Storage drivers = run.directory(DIRECTORY);
        int epoch = number(newest(drivers)) + 1;
        String token = UUID.randomUUID().toString().substring(0, TOKEN_LENGTH);
        String name = String.format(Locale.ROOT, "%06d-%s", epoch, token);
        drivers.replace(name, driver);
        return new DriverFence(drivers, epoch, name);
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
        String newest = newest(drivers);
        if (!newest.equals(name)) {
            throw new JobException(
                    FailureKind.RETRYABLE,
                    "Cannot go on with the run %s: another driver has taken it over (driver %d: %s; this is driver %d)"
                            .formatted(
                                    drivers.uri(),
                                    number(newest),
                                    newest.isEmpty() ? "the directory was emptied" : drivers.readText(newest),
                                    epoch));
        }
    }

    /** The last name; empty if there is none. */
    private static String newest(Storage drivers) {
        return drivers.list().stream()
                .filter(name -> name.matches(NAME))
                .max(Comparator.naturalOrder())
                .orElse("");
    }

    private static int number(String name) {
        return name.isEmpty() ? 0 : Integer.parseInt(name.substring(0, NUMBER_LENGTH));
    }
}
