package io.sparkpeft.benchmark;

import com.sun.management.ThreadMXBean;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.train.BatchSource;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Reads the clock, and the bytes that this thread has allocated, whenever the trainer asks for a step's batches: the
 * time from one to the next is one whole step, making the batches, the optimiser and writing back included. Warm-up
 * steps come first, on the first of the batches; the measured steps begin with the first batch again.
 */
final class StepClock implements BatchSource<TokenBatch> {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final BatchSource<TokenBatch> source;
    private final int warmup;
    private final Runnable beforeMeasuring;
    private final long[] times;
    private long tokens;
    private long examples;
    private long allocatedAtStart;
    private long allocatedAtEnd;
    private long processorAtStart;
    private long processorAtEnd;

    /**
     * @param warmup steps that are not measured
     * @param steps measured steps
     * @param beforeMeasuring done between the two, such as waiting for other threads
     */
    StepClock(BatchSource<TokenBatch> source, int warmup, int steps, Runnable beforeMeasuring) {
        if (warmup < 0 || steps < 1) {
            throw new IllegalArgumentException(
                    "Invalid measure: %d steps after %d of warm-up".formatted(steps, warmup));
        }
        this.source = source;
        this.warmup = warmup;
        this.beforeMeasuring = beforeMeasuring;
        this.times = new long[steps + 1];
    }

    /** Steps to make in all. */
    int steps() {
        return warmup + times.length - 1;
    }

    @Override
    public List<TokenBatch> microBatches(long step) {
        if (step < warmup) {
            return source.microBatches(step);
        }
        int measured = (int) step - warmup;
        if (measured == 0) {
            beforeMeasuring.run();
            allocatedAtStart = THREADS.getCurrentThreadAllocatedBytes();
            processorAtStart = THREADS.getCurrentThreadCpuTime();
        }
        times[measured] = System.nanoTime();
        List<TokenBatch> batches = source.microBatches(measured);
        for (TokenBatch batch : batches) {
            tokens += batch.units();
            examples += batch.examples();
        }
        return batches;
    }

    /** Ends the last step; to be called right after the trainer. */
    void stop() {
        times[times.length - 1] = System.nanoTime();
        processorAtEnd = THREADS.getCurrentThreadCpuTime();
        allocatedAtEnd = THREADS.getCurrentThreadAllocatedBytes();
    }

    /** Milliseconds of every measured step. */
    double[] milliseconds() {
        double[] steps = new double[times.length - 1];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = (times[i + 1] - times[i]) * 1e-6;
        }
        return steps;
    }

    /** Seconds from the first measured step's beginning to the last one's end. */
    double seconds() {
        return (times[times.length - 1] - times[0]) * 1e-9;
    }

    /** Milliseconds of processor time that the thread took for an average step; waiting for a processor is not in it. */
    double processorMilliseconds() {
        return (processorAtEnd - processorAtStart) * 1e-6 / (times.length - 1);
    }

    /** Tokens in the measured steps. */
    long tokens() {
        return tokens;
    }

    /** Examples in the measured steps. */
    long examples() {
        return examples;
    }

    /** Bytes of the Java heap that the thread allocated in an average step. */
    long allocatedPerStep() {
        return (allocatedAtEnd - allocatedAtStart) / (times.length - 1);
    }
}
