package io.sparkpeft.compute.cuda.kernel;

import io.sparkpeft.compute.argument.AdamFactors;
import io.sparkpeft.compute.cuda.device.Region;
import io.sparkpeft.compute.cuda.launch.CallArrays;
import io.sparkpeft.compute.cuda.launch.Launcher;
import io.sparkpeft.compute.cuda.memory.CudaTensor;
import io.sparkpeft.compute.cuda.memory.Scratch;
import io.sparkpeft.compute.cuda.memory.Staging;

/** What training does with whole vectors of masks. */
public final class VectorKernels {
    /** Numbers that one block sums. */
    private static final int CHUNK = 1 << 14;

    private final Launcher launcher;
    private final CallArrays arrays;
    private final Staging staging;
    private final Scratch scratch;

    VectorKernels(Launcher launcher, CallArrays arrays, Staging staging, Scratch scratch) {
        this.launcher = launcher;
        this.arrays = arrays;
        this.staging = staging;
        this.scratch = scratch;
    }

    /** √(Σ values²), in double; the sums of chunks come back, so that the device is waited for. */
    public double norm(CudaTensor values) {
        int count = values.size();
        int chunks = Launcher.ceil(count, CHUNK);
        if (chunks == 0) {
            return 0;
        }
        long bytes = (long) Double.BYTES * chunks;
        long sums = scratch.bytes(Scratch.Use.PARTIAL_SUMS, bytes);
        launcher.blocks("sum_of_squares", chunks)
                .wide(count)
                .address(values.address())
                .integer(CHUNK)
                .address(sums)
                .run();
        double[] found = new double[chunks];
        staging.receive(Region.of(sums, bytes), found);
        double squares = 0;
        for (double sum : found) {
            squares += sum;
        }
        return Math.sqrt(squares);
    }

    /** Adam's update, with the bits that the processor gives. Factors, which no two steps share, are no arguments. */
    public void adam(AdamFactors factors, CudaTensor values, CudaTensor gradient, CudaTensor first, CudaTensor second) {
        float[] numbers = {
            factors.keep(),
            factors.beta1(),
            factors.beta2(),
            factors.rest1(),
            factors.rest2(),
            factors.stepSize(),
            factors.correction(),
            factors.epsilon()
        };
        long there = arrays.begin(numbers.length, 1).floats(numbers, numbers.length);
        arrays.send();
        launcher.entries("adam_step", values.size())
                .integer(values.size())
                .address(values.writable().address())
                .address(gradient.address())
                .address(first.writable().address())
                .address(second.writable().address())
                .address(there)
                .run();
    }
}
