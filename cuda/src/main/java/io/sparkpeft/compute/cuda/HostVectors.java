package io.sparkpeft.compute.cuda;

import io.sparkpeft.compute.argument.Entries;
import io.sparkpeft.compute.cuda.kernel.CudaKernels;
import io.sparkpeft.compute.cuda.memory.CudaTensor;
import io.sparkpeft.compute.cuda.memory.Scratch;
import io.sparkpeft.compute.cuda.memory.Transfers;
import java.util.Arrays;

/** Masked entries between tensors on the device and vectors in ordinary memory. */
final class HostVectors {
    private final CudaKernels kernels;
    private final Scratch scratch;
    private final Transfers transfers;
    private float[] fetched = new float[0];

    HostVectors(CudaKernels kernels, Scratch scratch, Transfers transfers) {
        this.kernels = kernels;
        this.scratch = scratch;
        this.transfers = transfers;
    }

    void addGathered(CudaTensor source, int[] indices, float[] target, int offset) {
        CudaTensor values = scratch.matrix(Scratch.Use.VALUES, 1, indices.length);
        kernels.index().gatherEntries(source, indices, values.writable().address(), false);
        addAll(values, target, offset);
    }

    void addSampledProduct(CudaTensor left, CudaTensor right, Entries entries, float[] target, int offset) {
        CudaTensor values = scratch.matrix(Scratch.Use.VALUES, 1, entries.count());
        kernels.elements().fill(values, 0f);
        kernels.gradients()
                .addSampledProduct(left, right, entries, values.writable().address());
        addAll(values, target, offset);
    }

    void addAll(CudaTensor source, float[] target, int offset) {
        int count = source.size();
        if (fetched.length < count) {
            fetched = Arrays.copyOf(fetched, count);
        }
        transfers.download(source, fetched, 0);
        for (int i = 0; i < count; i++) {
            target[offset + i] += fetched[i];
        }
    }

    void scatter(float[] values, int offset, int[] indices, CudaTensor target) {
        target.writable();
        CudaTensor there = scratch.matrix(Scratch.Use.VALUES, 1, indices.length);
        transfers.upload(values, offset, there);
        kernels.index().scatterEntries(there.address(), indices, target);
    }

    static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }
}
