package io.sparkpeft.compute.nd4j;

import static io.sparkpeft.compute.nd4j.Nd4jTensor.of;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Halves;
import io.sparkpeft.compute.Shapes;
import io.sparkpeft.compute.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Memory of the nd4j backend, and copies, rows and entries by index. */
abstract class Nd4jTensors implements Backend {
    private final List<Nd4jTensor> allocated = new ArrayList<>();

    @Override
    public Tensor allocate(int rows, int columns) {
        Nd4jTensor tensor = Nd4jTensor.allocate(rows, columns);
        allocated.add(tensor);
        return tensor;
    }

    @Override
    public void free(Tensor tensor) {
        if (allocated.remove(of(tensor))) {
            of(tensor).free();
        }
    }

    /** The tensor itself: arrays over it are made anew for every use, and only what was allocated here is freed. */
    @Override
    public Tensor borrow(Tensor lent) {
        return of(lent);
    }

    @Override
    public Tensor reshape(Tensor base, int offset, int rows, int columns) {
        Shapes.range("entries", base, offset, Math.multiplyExact(rows, columns), base.size());
        if (!of(base).isDense()) {
            throw Shapes.mismatch("reshape", "the tensor has gaps between its rows", base);
        }
        return of(base).reshape(offset, rows, columns);
    }

    @Override
    public Tensor rows(Tensor base, int from, int count) {
        Shapes.range("rows", base, from, count, base.rows());
        return of(base).view(from, 0, count, base.columns());
    }

    @Override
    public Tensor columns(Tensor base, int from, int count) {
        Shapes.range("columns", base, from, count, base.columns());
        return of(base).view(0, from, base.rows(), count);
    }

    @Override
    public void upload(float[] source, int offset, Tensor target) {
        Shapes.count("upload", "values", source.length - offset, target.size());
        Nd4jTransfers.upload(source, offset, of(target));
    }

    @Override
    public void download(Tensor source, float[] target, int offset) {
        Shapes.count("download", "places", target.length - offset, source.size());
        Nd4jTransfers.download(of(source), target, offset);
    }

    @Override
    public void fill(Tensor target, float value) {
        Nd4jTransfers.fill(of(target), value);
    }

    @Override
    public void copy(Tensor source, Tensor target) {
        Shapes.same("copy", source, target);
        Nd4jTransfers.copy(of(source), of(target));
    }

    @Override
    public void expand(Tensor packed, Tensor target) {
        Shapes.halves(packed, target);
        Halves.expand(this, packed, target);
    }

    @Override
    public void gatherRows(Tensor table, int[] ids, Tensor output) {
        Shapes.ids("gatherRows", ids, table, output);
        Nd4jTransfers.gatherRows(of(table), ids, of(output), false);
    }

    @Override
    public void gatherColumns(Tensor source, int[] ids, Tensor output) {
        Shapes.columnIds("gatherColumns", ids, source, output);
        Nd4jTransfers.gatherColumns(of(source), ids, of(output));
    }

    @Override
    public void addGatheredRows(Tensor table, int[] ids, Tensor output) {
        Shapes.ids("addGatheredRows", ids, table, output);
        Nd4jTransfers.gatherRows(of(table), ids, of(output), true);
    }

    @Override
    public void scatterAddRows(Tensor source, int[] ids, Tensor table) {
        Shapes.ids("scatterAddRows", ids, table, source);
        Nd4jTransfers.scatterAddRows(of(source), ids, of(table), false);
    }

    @Override
    public void addGathered(Tensor source, int[] indices, float[] target, int offset) {
        Shapes.count("addGathered", "places", target.length - offset, indices.length);
        Nd4jTransfers.addGathered(of(source), indices, target, offset);
    }

    @Override
    public void addAll(Tensor source, float[] target, int offset) {
        Shapes.count("addAll", "places", target.length - offset, source.size());
        Nd4jTransfers.addAll(of(source), target, offset);
    }

    @Override
    public double norm(float[] values) {
        return Nd4jTransfers.norm(values);
    }

    @Override
    public void scatter(float[] values, int offset, int[] indices, Tensor target) {
        Shapes.count("scatter", "values", values.length - offset, indices.length);
        Nd4jTransfers.scatter(values, offset, indices, of(target));
    }

    @Override
    public void addSquaredRows(Tensor source, int[] ids, Tensor target) {
        Shapes.ids("addSquaredRows", ids, target, source);
        Nd4jTransfers.scatterAddRows(of(source), ids, of(target), true);
    }

    @Override
    public void close() {
        allocated.forEach(Nd4jTensor::free);
        allocated.clear();
    }
}
