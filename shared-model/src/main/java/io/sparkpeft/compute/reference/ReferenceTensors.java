package io.sparkpeft.compute.reference;

import static io.sparkpeft.compute.reference.ReferenceTensor.of;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Halves;
import io.sparkpeft.compute.Shapes;
import io.sparkpeft.compute.Tensor;

/** Memory of the reference backend, and copies, rows and entries by index. */
abstract class ReferenceTensors implements Backend {
    @Override
    public Tensor allocate(int rows, int columns) {
        return new ReferenceTensor(new double[Math.multiplyExact(rows, columns)], 0, rows, columns, columns);
    }

    @Override
    public void free(Tensor tensor) {
        of(tensor);
    }

    @Override
    public Tensor borrow(Tensor lent) {
        return of(lent).borrowed();
    }

    @Override
    public Tensor reshape(Tensor base, int offset, int rows, int columns) {
        Shapes.range("entries", base, offset, Math.multiplyExact(rows, columns), base.size());
        if (!of(base).isDense()) {
            throw Shapes.mismatch("reshape", "the tensor has gaps between its rows", base);
        }
        return of(base).view(offset, rows, columns, columns);
    }

    @Override
    public Tensor rows(Tensor base, int from, int count) {
        Shapes.range("rows", base, from, count, base.rows());
        int stride = of(base).stride();
        return of(base).view(from * stride, count, base.columns(), stride);
    }

    @Override
    public Tensor columns(Tensor base, int from, int count) {
        Shapes.range("columns", base, from, count, base.columns());
        return of(base).view(from, base.rows(), count, of(base).stride());
    }

    @Override
    public void upload(float[] source, int offset, Tensor target) {
        Shapes.count("upload", "values", source.length - offset, target.size());
        for (int r = 0; r < target.rows(); r++) {
            for (int c = 0; c < target.columns(); c++) {
                of(target).set(r, c, source[offset + r * target.columns() + c]);
            }
        }
    }

    @Override
    public void download(Tensor source, float[] target, int offset) {
        Shapes.count("download", "places", target.length - offset, source.size());
        double[] values = of(source).values();
        for (int i = 0; i < values.length; i++) {
            target[offset + i] = (float) values[i];
        }
    }

    @Override
    public void fill(Tensor target, float value) {
        for (int r = 0; r < target.rows(); r++) {
            for (int c = 0; c < target.columns(); c++) {
                of(target).set(r, c, value);
            }
        }
    }

    @Override
    public void copy(Tensor source, Tensor target) {
        Shapes.same("copy", source, target);
        for (int r = 0; r < target.rows(); r++) {
            for (int c = 0; c < target.columns(); c++) {
                of(target).set(r, c, of(source).get(r, c));
            }
        }
    }

    @Override
    public void expand(Tensor packed, Tensor target) {
        Shapes.halves(packed, target);
        Halves.expand(this, packed, target);
    }

    @Override
    public void gatherRows(Tensor table, int[] ids, Tensor output) {
        Shapes.ids("gatherRows", ids, table, output);
        ReferenceIndexing.gatherRows(of(table), ids, of(output), false);
    }

    @Override
    public void gatherColumns(Tensor source, int[] ids, Tensor output) {
        Shapes.columnIds("gatherColumns", ids, source, output);
        ReferenceIndexing.gatherColumns(of(source), ids, of(output));
    }

    @Override
    public void addGatheredRows(Tensor table, int[] ids, Tensor output) {
        Shapes.ids("addGatheredRows", ids, table, output);
        ReferenceIndexing.gatherRows(of(table), ids, of(output), true);
    }

    @Override
    public void scatterAddRows(Tensor source, int[] ids, Tensor table) {
        Shapes.ids("scatterAddRows", ids, table, source);
        ReferenceIndexing.scatterAddRows(of(source), ids, of(table), false);
    }

    @Override
    public void addGathered(Tensor source, int[] indices, float[] target, int offset) {
        Shapes.count("addGathered", "places", target.length - offset, indices.length);
        ReferenceIndexing.addGathered(of(source), indices, target, offset);
    }

    @Override
    public void addAll(Tensor source, float[] target, int offset) {
        Shapes.count("addAll", "places", target.length - offset, source.size());
        ReferenceIndexing.addAll(of(source), target, offset);
    }

    @Override
    public double norm(float[] values) {
        return ReferenceIndexing.norm(values);
    }

    @Override
    public void scatter(float[] values, int offset, int[] indices, Tensor target) {
        Shapes.count("scatter", "values", values.length - offset, indices.length);
        ReferenceIndexing.scatter(values, offset, indices, of(target));
    }

    @Override
    public void addSquaredRows(Tensor source, int[] ids, Tensor target) {
        Shapes.ids("addSquaredRows", ids, target, source);
        ReferenceIndexing.scatterAddRows(of(source), ids, of(target), true);
    }
}
