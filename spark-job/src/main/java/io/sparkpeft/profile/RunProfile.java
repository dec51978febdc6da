package io.sparkpeft.profile;

import io.sparkpeft.energy.EnergyMeter;
import io.sparkpeft.energy.Place;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;

/**
 * Where the time of a run goes: for each stage the time that passed on the driver, and what the tasks of the stage did.
 * A stage inside another one is not counted with that. Off, it leaves tasks alone and measures the driver's time only.
 * Tells a meter of energy which part of the run begins. For the driver's thread.
 */
public final class RunProfile {
    private final Optional<TaskWorkSum> sum;
    private final EnumMap<Stage, Long> passed = new EnumMap<>(Stage.class);
    private final Deque<Stage> open = new ArrayDeque<>();
    private final Optional<EnergyMeter> energy;
    private String mode = "";
    private long since = System.nanoTime();

    private RunProfile(Optional<TaskWorkSum> sum, Optional<EnergyMeter> energy) {
        this.sum = sum;
        this.energy = energy;
    }

    /** A profile that measures the time of stages and nothing in tasks. */
    public static RunProfile off() {
        return new RunProfile(Optional.empty(), Optional.empty());
    }

    /** The part that a run begins with. */
    public static Place beginning() {
        return new Place("", Stage.OTHER.key());
    }

    /** A profile that measures from now on. */
    public static RunProfile on(SparkContext context) {
        TaskWorkSum sum = new TaskWorkSum();
        context.register(sum, "profile");
        return new RunProfile(Optional.of(sum), Optional.empty());
    }

    /** The same profile, to be begun, that tells a meter of energy too. */
    public RunProfile with(EnergyMeter meter) {
        return new RunProfile(sum, Optional.of(meter));
    }

    /** What is told which part of the run begins. */
    public Optional<EnergyMeter> energy() {
        return energy;
    }

    /** Whether the work of tasks is measured. */
    public boolean isOn() {
        return sum.isPresent();
    }

    /** Does work that belongs to a stage. */
    public <T> T stage(Stage stage, Supplier<T> work) {
        turnClock();
        open.push(stage);
        tell();
        try {
            return work.get();
        } finally {
            turnClock();
            open.pop();
            tell();
        }
    }

    /** Does all work of a mode; what comes before the first belongs to none. */
    public <T> T mode(String name, Supplier<T> work) {
        String outer = mode;
        mode = name;
        tell();
        try {
            return work.get();
        } finally {
            mode = outer;
            tell();
        }
    }

    private void tell() {
        energy.ifPresent(meter -> meter.turn(new Place(mode, current().key())));
    }

    /** What tasks of the stage that is open now do around their work. */
    public Probe probe() {
        return new Probe(current(), sum.orElseThrow());
    }

    /** Goes to executors with the tasks of a stage. */
    public record Probe(Stage stage, TaskWorkSum sum) implements Serializable {
        /** Does a task's work and counts it. */
        public <T> T measure(Callable<T> work) throws Exception {
            return TaskProfile.measure(stage, sum, work);
        }
    }

    /** What was measured so far. */
    public RunTimes times() {
        turnClock();
        Map<Stage, Double> seconds = new EnumMap<>(Stage.class);
        passed.forEach((stage, nanoseconds) -> seconds.put(stage, nanoseconds / 1e9));
        return new RunTimes(seconds, sum.map(TaskWorkSum::value).orElse(Map.of()));
    }

    private void turnClock() {
        long now = System.nanoTime();
        passed.merge(current(), now - since, Long::sum);
        since = now;
    }

    private Stage current() {
        return open.isEmpty() ? Stage.OTHER : open.peek();
    }
}
