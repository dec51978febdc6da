package io.sparkpeft.compute.cuda.kernel;

import io.sparkpeft.compute.cuda.device.Region;
import io.sparkpeft.compute.cuda.launch.CallArrays;
import io.sparkpeft.compute.cuda.launch.Launcher;
import io.sparkpeft.compute.cuda.memory.CudaTensor;
import io.sparkpeft.compute.cuda.memory.Scratch;
import io.sparkpeft.compute.cuda.memory.Staging;

/** Functions of whole rows: norms, softmax and its loss, one block of threads for each row. */
public final class RowKernels {
    private final Launcher launcher;
    private final CallArrays arrays;
    private final Staging staging;
    private final Scratch scratch;

    RowKernels(Launcher launcher, CallArrays arrays, Staging staging, Scratch scratch) {
        this.launcher = launcher;
        this.arrays = arrays;
        this.staging = staging;
        this.scratch = scratch;
    }

    public void layerNorm(Norm norm, CudaTensor bias, float epsilon, CudaTensor output) {
        launcher.rows("layer_norm", norm.input(), threads(norm.input()))
                .matrix(norm.input())
                .address(norm.weight().address())
                .address(bias.address())
                .number(epsilon)
                .result(norm.statistics())
                .result(output)
                .run();
    }

    public void layerNormBackward(Norm norm, CudaTensor outputGradient, CudaTensor inputGradient) {
        backward("layer_norm_backward", norm, outputGradient, inputGradient);
    }

    public void rmsNorm(Norm norm, float epsilon, CudaTensor output) {
        launcher.rows("rms_norm", norm.input(), threads(norm.input()))
                .matrix(norm.input())
                .address(norm.weight().address())
                .number(epsilon)
                .result(norm.statistics())
                .result(output)
                .run();
    }

    public void rmsNormBackward(Norm norm, CudaTensor outputGradient, CudaTensor inputGradient) {
        backward("rms_norm_backward", norm, outputGradient, inputGradient);
    }

    private void backward(String kernel, Norm norm, CudaTensor outputGradient, CudaTensor inputGradient) {
        launcher.rows(kernel, norm.input(), threads(norm.input()))
                .matrix(norm.input())
                .address(norm.weight().address())
                .matrix(norm.statistics())
                .matrix(outputGradient)
                .result(inputGradient)
                .run();
    }

    public void softmax(CudaTensor logits, CudaTensor output) {
        launcher.rows("softmax", logits, manyThreads(logits))
                .matrix(logits)
                .result(output)
                .run();
    }

    /** The losses come back, so that the device is waited for. */
    public void crossEntropy(CudaTensor logits, int[] labels, float[] rowScale, float[] losses, CudaTensor gradient) {
        int rows = logits.rows();
        long found = scratch.floats(Scratch.Use.VALUES, rows);
        arrays.begin(2L * rows, 2);
        long labelsThere = arrays.integers(labels, rows);
        long scaleThere = arrays.floats(rowScale, rows);
        arrays.send();
        launcher.rows("cross_entropy", logits, manyThreads(logits))
                .matrix(logits)
                .address(labelsThere)
                .address(scaleThere)
                .address(found)
                .result(gradient)
                .run();
        fetch(found, losses, rows);
    }

    public void crossEntropy(CudaTensor logits, int[] labels, float[] losses) {
        int rows = logits.rows();
        long found = scratch.floats(Scratch.Use.VALUES, rows);
        long labelsThere = arrays.begin(rows, 1).integers(labels, rows);
        arrays.send();
        launcher.rows("cross_entropy_loss", logits, manyThreads(logits))
                .matrix(logits)
                .address(labelsThere)
                .address(found)
                .run();
        fetch(found, losses, rows);
    }

    private void fetch(long address, float[] target, int count) {
        if (count > 0) {
            staging.receive(Region.of(address, (long) Float.BYTES * count), target, 0, count);
        }
    }

    private static int threads(CudaTensor rows) {
        if (rows.columns() <= 1024) {
            return 64;
        }
        return rows.columns() <= 4096 ? 128 : 256;
    }

    private static int manyThreads(CudaTensor rows) {
        return rows.columns() <= 16_384 ? threads(rows) : 512;
    }

    /**
     * What forward and backward of a norm share.
     *
     * @param statistics of every row; forward writes them
     */
    public record Norm(CudaTensor input, CudaTensor weight, CudaTensor statistics) {}
}
