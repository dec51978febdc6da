package io.sparkpeft.energy.host;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the counters of this host every second and tells of it. A host whose counters cannot be read is told of once.
 */
public final class HostSampler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostSampler.class);
    /** Readings that may fail one after the other: the kernel has no value for a moment now and then. */
    private static final int PATIENCE = 10;

    private final HostEnergy energy;
    private final Consumer<Reading> told;
    private final ScheduledExecutorService clock;
    private boolean everRead;
    private int failures;

    private HostSampler(HostEnergy energy, Consumer<Reading> told) {
        this.energy = energy;
        this.told = told;
        this.clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "host-energy");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Starts to read. */
    public static HostSampler start(HostEnergy energy, Consumer<Reading> told) {
        HostSampler sampler = new HostSampler(energy, told);
        sampler.sample();
        if (!sampler.clock.isShutdown()) {
            sampler.clock.scheduleWithFixedDelay(sampler::sample, 1, 1, TimeUnit.SECONDS);
        }
        return sampler;
    }

    /** Reads now; may be called by any thread. */
    public synchronized void sample() {
        if (clock.isShutdown()) {
            return;
        }
        Reading reading = energy.read();
        failures = reading.failed() ? failures + 1 : 0;
        everRead |= !reading.failed();
        boolean isGivenUp = reading.failed() && (!everRead || failures > PATIENCE);
        if (isGivenUp) {
            clock.shutdownNow();
        }
        if (isGivenUp || !reading.failed()) {
            tell(reading);
        }
    }

    /** Whoever is told may be gone already: nothing of the run depends on it. */
    private void tell(Reading reading) {
        try {
            told.accept(reading);
        } catch (RuntimeException e) {
            LOG.debug("Cannot tell of the counters of energy", e);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
