package io.sparkpeft.energy;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;

/**
 * Measures what the parts of a run use: joules where the counters of all hosts can be read, and always the processor
 * seconds of the driver's process and of tasks, from which joules can be estimated. In local mode tasks are in the
 * driver's process and counted with that. Nothing of the run depends on it. For the driver's thread.
 */
public final class EnergyMeter implements AutoCloseable {
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final String DRIVER = "driver";

    private final SparkContext context;
    private final String property = "sparkpeft.place." + NUMBERS.incrementAndGet();
    private final TaskTime tasks = new TaskTime(property);
    private final EnergyLedger ledger;
    private final Map<Place, Long> driver = new LinkedHashMap<>();
    private Place place;
    private long since = processorTime();

    private EnergyMeter(SparkContext context, Place first) {
        this.context = context;
        this.place = first;
        this.ledger = new EnergyLedger(first, System.nanoTime());
    }

    /**
     * Begins to measure.
     *
     * @param first the part that the run begins with
     */
    public static EnergyMeter start(SparkContext context, Place first) {
        EnergyMeter meter = new EnergyMeter(context, first);
        context.addSparkListener(meter.tasks);
        context.setLocalProperty(meter.property, first.text());
        Readings.subscribe(meter.ledger);
        return meter;
    }

    /** Another part of the run begins. */
    public void turn(Place next) {
        measure();
        place = next;
        ledger.turn(next, System.nanoTime());
        context.setLocalProperty(property, next.text());
    }

    /** What was used so far. */
    public EnergyUse use() {
        measure();
        Map<Place, Double> seconds = new LinkedHashMap<>();
        driver.forEach((where, nanoseconds) -> seconds.put(where, nanoseconds / 1e9));
        if (!context.isLocal()) {
            tasks.nanoseconds().forEach((where, nanoseconds) -> seconds.merge(where, nanoseconds / 1e9, Double::sum));
        }
        Set<String> processes = tasks.processes();
        processes.add(DRIVER);
        String gap = ledger.gap(processes);
        return new EnergyUse(seconds, gap.isEmpty() ? ledger.joules() : Map.of(), gap);
    }

    private void measure() {
        long now = processorTime();
        driver.merge(place, now - since, Long::sum);
        since = now;
        Readings.sampleDriver();
    }

    private static long processorTime() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    @Override
    public void close() {
        Readings.unsubscribe(ledger);
        context.setLocalProperty(property, null);
        context.removeSparkListener(tasks);
    }
}
