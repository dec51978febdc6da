package io.sparkpeft.compute.cuda;

import io.sparkpeft.compute.MaskVector;
import io.sparkpeft.compute.MaskVectors;
import io.sparkpeft.compute.Shapes;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Entries;
import io.sparkpeft.compute.cuda.kernel.CudaKernels;
import io.sparkpeft.compute.cuda.memory.CudaTensor;
import io.sparkpeft.compute.cuda.memory.DeviceTensors;
import io.sparkpeft.compute.cuda.memory.Transfers;
import java.util.Optional;

/** Vectors of masks in the device's memory: what training does with them between rounds' ends never leaves it. */
final class DeviceVectors implements MaskVectors {
    private final CudaKernels kernels;
    private final DeviceTensors tensors;
    private final Transfers transfers;

    DeviceVectors(CudaKernels kernels, DeviceTensors tensors, Transfers transfers) {
        this.kernels = kernels;
        this.tensors = tensors;
        this.transfers = transfers;
    }

    /** @param memory one row */
    private record DeviceVector(CudaTensor memory) implements MaskVector {
        @Override
        public int size() {
            return memory.columns();
        }

        CudaTensor part(int from, int count) {
            return memory.view(0, from, 1, count);
        }
    }

    private static DeviceVector of(MaskVector vector) {
        if (vector instanceof DeviceVector device) {
            return device;
        }
        throw new IllegalArgumentException("Cannot use a %s on the cuda backend: another backend made it"
                .formatted(vector.getClass().getSimpleName()));
    }

    /** Where a vector's places from {@code offset} on are, to be read. */
    private static long address(MaskVector vector, int offset) {
        return of(vector).memory().address() + (long) Float.BYTES * offset;
    }

    /** The same to be written. */
    private static long writable(MaskVector vector, int offset) {
        of(vector).memory().writable();
        return address(vector, offset);
    }

    @Override
    public MaskVector allocate(int size) {
        CudaTensor memory = tensors.allocate(1, size);
        kernels.elements().fill(memory, 0f);
        return new DeviceVector(memory);
    }

    @Override
    public MaskVector copyOf(float[] values) {
        CudaTensor memory = tensors.allocate(1, values.length);
        transfers.upload(values, 0, memory);
        return new DeviceVector(memory);
    }

    @Override
    public MaskVector view(float[] values) {
        return copyOf(values);
    }

    @Override
    public void free(MaskVector vector) {
        tensors.free(of(vector).memory());
    }

    @Override
    public float[] array(MaskVector source) {
        float[] values = new float[source.size()];
        transfers.download(of(source).memory(), values, 0);
        return values;
    }

    @Override
    public void write(float[] values, MaskVector target) {
        Shapes.count("write", "values", values.length, target.size());
        transfers.upload(values, 0, of(target).memory());
    }

    @Override
    public void copy(MaskVector source, int from, MaskVector target) {
        Shapes.count("copy", "values", source.size() - from, target.size());
        kernels.elements().copy(of(source).part(from, target.size()), of(target).memory());
    }

    @Override
    public void clear(MaskVector target, int from, int count) {
        kernels.elements().fill(of(target).part(from, count), 0f);
    }

    @Override
    public void scale(float factor, MaskVector target) {
        kernels.elements().scale(factor, of(target).memory());
    }

    @Override
    public double norm(MaskVector values) {
        return kernels.vectors().norm(of(values).memory());
    }

    @Override
    public void set(Tensor source, MaskVector target, int offset) {
        kernels.elements().copy(CudaTensor.of(source), places("set", source, target, offset));
    }

    @Override
    public void addAll(Tensor source, MaskVector target, int offset) {
        kernels.elements().add(1f, CudaTensor.of(source), places("addAll", source, target, offset));
    }

    /** The places of all entries of a tensor, in its shape. */
    private CudaTensor places(String kernel, Tensor tensor, MaskVector vector, int offset) {
        Shapes.count(kernel, "places", vector.size() - offset, tensor.size());
        return tensors.reshape(of(vector).memory(), offset, tensor.rows(), tensor.columns());
    }

    @Override
    public void addGathered(Tensor source, int[] indices, MaskVector target, int offset) {
        Shapes.count("addGathered", "places", target.size() - offset, indices.length);
        kernels.index().gatherEntries(CudaTensor.of(source), indices, writable(target, offset), true);
    }

    @Override
    public void addSampledProduct(Tensor left, Tensor right, Entries entries, MaskVector target, int offset) {
        Shapes.sampled(left, right, entries, target.size() - offset);
        kernels.gradients()
                .addSampledProduct(CudaTensor.of(left), CudaTensor.of(right), entries, writable(target, offset));
    }

    @Override
    public void addRows(Tensor source, int[] ids, MaskVector target, int offset) {
        int rows = (target.size() - offset) / Math.max(1, source.columns());
        CudaTensor matrix = tensors.reshape(of(target).memory(), offset, rows, source.columns());
        Shapes.ids("addRows", ids, matrix, source);
        kernels.index().scatterAddRows(CudaTensor.of(source), ids, matrix);
    }

    @Override
    public void addRows(Tensor source, int[] ids, Entries entries, MaskVector target, int offset) {
        Shapes.count("addRows", "places", target.size() - offset, entries.count());
        Shapes.count("addRows", "row ids", ids.length, source.rows());
        kernels.index().addRowEntries(CudaTensor.of(source), ids, entries, writable(target, offset));
    }

    @Override
    public void store(MaskVector values, int offset, Tensor target) {
        kernels.elements().copy(places("store", target, values, offset), CudaTensor.of(target));
    }

    @Override
    public void scatter(MaskVector values, int offset, int[] indices, Tensor target) {
        Shapes.count("scatter", "values", values.size() - offset, indices.length);
        kernels.index().scatterEntries(address(values, offset), indices, CudaTensor.of(target));
    }

    @Override
    public Optional<AdamKernel> adam() {
        return Optional.of((factors, values, gradient, first, second) -> kernels.vectors()
                .adam(
                        factors,
                        of(values).memory(),
                        of(gradient).memory(),
                        of(first).memory(),
                        of(second).memory()));
    }
}
