package io.sparkpeft.compute.cuda;

import static io.sparkpeft.compute.cuda.memory.CudaTensor.of;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.MaskVectors;
import io.sparkpeft.compute.Shapes;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Entries;
import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.compute.cuda.kernel.CudaKernels;
import io.sparkpeft.compute.cuda.memory.CudaTensor;
import io.sparkpeft.compute.cuda.memory.DeviceTensors;
import io.sparkpeft.compute.cuda.memory.Transfers;
import io.sparkpeft.compute.cuda.memory.Workspace;
import java.util.OptionalLong;

/** Memory of the cuda backend, and copies, rows and entries by index. */
abstract class CudaTensors implements Backend {
    final CudaKernels kernels;

    private final Workspace work;
    private final DeviceTensors tensors;
    private final Transfers transfers;
    private final HostVectors hostVectors;
    private final DeviceVectors vectors;

    CudaTensors(Workspace work, Precision precision) {
        this.work = work;
        this.tensors = new DeviceTensors(work);
        this.transfers = new Transfers(work.staging());
        this.kernels = CudaKernels.of(work, tensors, transfers, precision);
        this.hostVectors = new HostVectors(kernels, work.scratch(), transfers);
        this.vectors = new DeviceVectors(kernels, tensors, transfers);
    }

    @Override
    public OptionalLong deviceBytes() {
        return OptionalLong.of(work.arena().held());
    }

    @Override
    public Tensor allocate(int rows, int columns) {
        CudaTensor tensor = tensors.allocate(rows, columns);
        kernels.elements().fill(tensor, 0f);
        return tensor;
    }

    @Override
    public void free(Tensor tensor) {
        tensors.free(of(tensor));
    }

    @Override
    public Tensor borrow(Tensor lent) {
        return tensors.borrow(of(lent));
    }

    @Override
    public Tensor reshape(Tensor base, int offset, int rows, int columns) {
        Shapes.range("entries", base, offset, Math.multiplyExact(rows, columns), base.size());
        if (!of(base).isDense()) {
            throw Shapes.mismatch("reshape", "the tensor has gaps between its rows", base);
        }
        return tensors.reshape(of(base), offset, rows, columns);
    }

    @Override
    public Tensor rows(Tensor base, int from, int count) {
        Shapes.range("rows", base, from, count, base.rows());
        return count == base.rows() ? base : of(base).view(from, 0, count, base.columns());
    }

    @Override
    public Tensor columns(Tensor base, int from, int count) {
        Shapes.range("columns", base, from, count, base.columns());
        return of(base).view(0, from, base.rows(), count);
    }

    @Override
    public void upload(float[] source, int offset, Tensor target) {
        Shapes.count("upload", "values", source.length - offset, target.size());
        transfers.upload(source, offset, of(target));
    }

    @Override
    public void download(Tensor source, float[] target, int offset) {
        Shapes.count("download", "places", target.length - offset, source.size());
        transfers.download(of(source), target, offset);
    }

    @Override
    public void fill(Tensor target, float value) {
        kernels.elements().fill(of(target), value);
    }

    @Override
    public void copy(Tensor source, Tensor target) {
        Shapes.same("copy", source, target);
        kernels.elements().copy(of(source), of(target));
    }

    @Override
    public void expand(Tensor packed, Tensor target) {
        Shapes.halves(packed, target);
        kernels.elements().expand(of(packed), of(target));
    }

    @Override
    public void gatherRows(Tensor table, int[] ids, Tensor output) {
        Shapes.ids("gatherRows", ids, table, output);
        kernels.index().gatherRows(of(table), ids, of(output), false);
    }

    @Override
    public void gatherColumns(Tensor source, int[] ids, Tensor output) {
        Shapes.columnIds("gatherColumns", ids, source, output);
        kernels.index().gatherColumns(of(source), ids, of(output));
    }

    @Override
    public void addGatheredRows(Tensor table, int[] ids, Tensor output) {
        Shapes.ids("addGatheredRows", ids, table, output);
        kernels.index().gatherRows(of(table), ids, of(output), true);
    }

    @Override
    public void scatterAddRows(Tensor source, int[] ids, Tensor table) {
        Shapes.ids("scatterAddRows", ids, table, source);
        kernels.index().scatterAddRows(of(source), ids, of(table));
    }

    @Override
    public MaskVectors vectors() {
        return vectors;
    }

    @Override
    public void addGathered(Tensor source, int[] indices, float[] target, int offset) {
        Shapes.count("addGathered", "places", target.length - offset, indices.length);
        hostVectors.addGathered(of(source), indices, target, offset);
    }

    @Override
    public void addAll(Tensor source, float[] target, int offset) {
        Shapes.count("addAll", "places", target.length - offset, source.size());
        hostVectors.addAll(of(source), target, offset);
    }

    @Override
    public void addSampledProduct(Tensor left, Tensor right, Entries entries, float[] target, int offset) {
        Shapes.sampled(left, right, entries, target.length - offset);
        hostVectors.addSampledProduct(of(left), of(right), entries, target, offset);
    }

    @Override
    public void scatter(float[] values, int offset, int[] indices, Tensor target) {
        Shapes.count("scatter", "values", values.length - offset, indices.length);
        hostVectors.scatter(values, offset, indices, of(target));
    }

    @Override
    public double norm(float[] values) {
        return HostVectors.norm(values);
    }

    @Override
    public void addSquaredRows(Tensor source, int[] ids, Tensor target) {
        Shapes.ids("addSquaredRows", ids, target, source);
        kernels.index().addSquaredRows(of(source), ids, of(target));
    }

    /** Gives all memory back. */
    @Override
    public void close() {
        tensors.close();
        work.close();
    }
}
