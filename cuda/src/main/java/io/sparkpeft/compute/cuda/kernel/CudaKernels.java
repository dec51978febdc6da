package io.sparkpeft.compute.cuda.kernel;

import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.compute.cuda.launch.CallArrays;
import io.sparkpeft.compute.cuda.launch.Launcher;
import io.sparkpeft.compute.cuda.memory.DeviceTensors;
import io.sparkpeft.compute.cuda.memory.Transfers;
import io.sparkpeft.compute.cuda.memory.Workspace;

/**
 * All kernels of one backend.
 *
 * @param elements functions of single entries
 * @param rows functions of whole rows
 * @param columns sums over rows
 * @param index rows, columns and entries by index
 * @param products of matrices
 * @param gradients of weights, in part
 * @param attention forward and backward
 * @param rope rotary position embedding
 * @param vectors of masks
 */
public record CudaKernels(
        ElementKernels elements,
        RowKernels rows,
        ColumnKernels columns,
        IndexKernels index,
        ProductKernels products,
        GradientKernels gradients,
        AttentionKernels attention,
        RopeKernel rope,
        VectorKernels vectors) {
    public static CudaKernels of(Workspace work, DeviceTensors tensors, Transfers transfers, Precision precision) {
        Launcher launcher = new Launcher(work.device());
        CallArrays arrays = new CallArrays(work.staging());
        ElementKernels elements = new ElementKernels(launcher, arrays);
        ProductKernels products = new ProductKernels(work.device(), launcher, elements, work.factors(), precision);
        return new CudaKernels(
                elements,
                new RowKernels(launcher, arrays, work.staging(), work.scratch()),
                new ColumnKernels(launcher, work.scratch()),
                new IndexKernels(launcher, arrays, work.indices()),
                products,
                new GradientKernels(launcher, arrays, products, work.scratch(), work.indices()),
                new AttentionKernels(launcher, arrays, work.scratch(), precision),
                new RopeKernel(launcher, arrays, tensors, transfers),
                new VectorKernels(launcher, arrays, work.staging(), work.scratch()));
    }
}
