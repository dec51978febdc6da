package io.sparkpeft.energy;

import io.sparkpeft.energy.host.HostSampler;
import io.sparkpeft.energy.host.Reading;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Where readings of all hosts come together on the driver, for the runs that are on. */
public final class Readings {
    private static final Map<String, Reading> LATEST = new ConcurrentHashMap<>();
    private static final List<EnergyLedger> LEDGERS = new CopyOnWriteArrayList<>();
    private static volatile Optional<HostSampler> own = Optional.empty();

    private Readings() {}

    /**
     * A Spark application begins.
     *
     * @param sampler of the driver's own host
     */
    public static void begin(HostSampler sampler) {
        own = Optional.of(sampler);
    }

    /** The Spark application is over, and its executors with it. */
    public static void end() {
        own.ifPresent(HostSampler::close);
        own = Optional.empty();
        LATEST.clear();
    }

    /**
     * Takes what a process read.
     *
     * @param process the executor's id, or the driver's
     */
    public static void accept(String process, Reading reading) {
        long now = System.nanoTime();
        LATEST.put(process, reading);
        LEDGERS.forEach(ledger -> ledger.accept(process, reading, now));
    }

    /** Reads the driver's own host now. */
    static void sampleDriver() {
        own.ifPresent(HostSampler::sample);
    }

    static void subscribe(EnergyLedger ledger) {
        LEDGERS.add(ledger);
        long now = System.nanoTime();
        LATEST.forEach((process, reading) -> ledger.accept(process, reading, now));
    }

    static void unsubscribe(EnergyLedger ledger) {
        LEDGERS.remove(ledger);
    }
}
