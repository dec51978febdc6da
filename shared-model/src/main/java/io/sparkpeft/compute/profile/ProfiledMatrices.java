package io.sparkpeft.compute.profile;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.MaskVectors;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Entries;
import java.util.OptionalLong;

/** Memory, products, and rows and entries by index of a backend that counts; views are made but not counted. */
abstract class ProfiledMatrices implements Backend {
    protected final Backend backend;
    protected final KernelClock clock = new KernelClock();

    ProfiledMatrices(Backend backend) {
        this.backend = backend;
    }

    @Override
    public OptionalLong deviceBytes() {
        return backend.deviceBytes();
    }

    @Override
    public Tensor allocate(int rows, int columns) {
        clock.start();
        Tensor tensor = backend.allocate(rows, columns);
        clock.stop(Kernel.ALLOCATE, (long) rows * columns);
        return tensor;
    }

    @Override
    public void free(Tensor tensor) {
        backend.free(tensor);
    }

    @Override
    public Tensor borrow(Tensor lent) {
        return backend.borrow(lent);
    }

    @Override
    public Tensor reshape(Tensor base, int offset, int rows, int columns) {
        return backend.reshape(base, offset, rows, columns);
    }

    @Override
    public Tensor rows(Tensor base, int from, int count) {
        return backend.rows(base, from, count);
    }

    @Override
    public Tensor columns(Tensor base, int from, int count) {
        return backend.columns(base, from, count);
    }

    @Override
    public void upload(float[] source, int offset, Tensor target) {
        clock.start();
        backend.upload(source, offset, target);
        clock.stop(Kernel.UPLOAD, target.size());
    }

    @Override
    public void download(Tensor source, float[] target, int offset) {
        clock.start();
        backend.download(source, target, offset);
        clock.stop(Kernel.DOWNLOAD, source.size());
    }

    @Override
    public void fill(Tensor target, float value) {
        clock.start();
        backend.fill(target, value);
        clock.stop(Kernel.FILL, target.size());
    }

    @Override
    public void copy(Tensor source, Tensor target) {
        clock.start();
        backend.copy(source, target);
        clock.stop(Kernel.COPY, source.size());
    }

    @Override
    public void expand(Tensor packed, Tensor target) {
        clock.start();
        backend.expand(packed, target);
        clock.stop(Kernel.EXPAND, target.size());
    }

    @Override
    public void add(float alpha, Tensor source, Tensor target) {
        clock.start();
        backend.add(alpha, source, target);
        clock.stop(Kernel.ADD, source.size());
    }

    @Override
    public void gemm(boolean transposeA, boolean transposeB, float alpha, Tensor a, Tensor b, float beta, Tensor c) {
        clock.start();
        backend.gemm(transposeA, transposeB, alpha, a, b, beta, c);
        long k = transposeA ? a.rows() : a.columns();
        clock.stop(
                Kernel.GEMM,
                Kernel.GEMM.operations(c.size() * k),
                Kernel.gemmBytes(c.rows(), c.columns(), k, beta != 0));
    }

    @Override
    public void fillRows(Tensor bias, Tensor target) {
        clock.start();
        backend.fillRows(bias, target);
        clock.stop(Kernel.FILL_ROWS, target.size());
    }

    @Override
    public void addBias(Tensor bias, Tensor source, Tensor output) {
        clock.start();
        backend.addBias(bias, source, output);
        clock.stop(Kernel.ADD_BIAS, output.size());
    }

    @Override
    public void sumRows(Tensor source, Tensor target) {
        clock.start();
        backend.sumRows(source, target);
        clock.stop(Kernel.SUM_ROWS, source.size());
    }

    @Override
    public void gatherRows(Tensor table, int[] ids, Tensor output) {
        clock.start();
        backend.gatherRows(table, ids, output);
        clock.stop(Kernel.GATHER_ROWS, output.size());
    }

    @Override
    public void gatherColumns(Tensor source, int[] ids, Tensor output) {
        clock.start();
        backend.gatherColumns(source, ids, output);
        clock.stop(Kernel.GATHER_COLUMNS, output.size());
    }

    @Override
    public void addGatheredRows(Tensor table, int[] ids, Tensor output) {
        clock.start();
        backend.addGatheredRows(table, ids, output);
        clock.stop(Kernel.ADD_GATHERED_ROWS, output.size());
    }

    @Override
    public void scatterAddRows(Tensor source, int[] ids, Tensor table) {
        clock.start();
        backend.scatterAddRows(source, ids, table);
        clock.stop(Kernel.SCATTER_ADD_ROWS, source.size());
    }

    @Override
    public MaskVectors vectors() {
        return new ProfiledVectors(backend.vectors(), clock);
    }

    @Override
    public void addGathered(Tensor source, int[] indices, float[] target, int offset) {
        clock.start();
        backend.addGathered(source, indices, target, offset);
        clock.stop(Kernel.ADD_GATHERED, indices.length);
    }

    @Override
    public void addSampledProduct(Tensor left, Tensor right, Entries entries, float[] target, int offset) {
        clock.start();
        backend.addSampledProduct(left, right, entries, target, offset);
        clock.stopSampledProduct(left, right, entries);
    }

    @Override
    public void addAll(Tensor source, float[] target, int offset) {
        clock.start();
        backend.addAll(source, target, offset);
        clock.stop(Kernel.ADD_ALL, source.size());
    }

    @Override
    public void scatter(float[] values, int offset, int[] indices, Tensor target) {
        clock.start();
        backend.scatter(values, offset, indices, target);
        clock.stop(Kernel.SCATTER, indices.length);
    }

    @Override
    public double norm(float[] values) {
        clock.start();
        double norm = backend.norm(values);
        clock.stop(Kernel.NORM, values.length);
        return norm;
    }

    @Override
    public void addSquares(Tensor source, Tensor target) {
        clock.start();
        backend.addSquares(source, target);
        clock.stop(Kernel.ADD_SQUARES, source.size());
    }

    @Override
    public void addSquaredProducts(Tensor left, Tensor right, int[] bounds, Tensor target) {
        clock.start();
        backend.addSquaredProducts(left, right, bounds, target);
        long elements = (long) left.rows() * target.size();
        long bytes = Float.BYTES * ((long) left.size() + right.size() + 2L * target.size());
        clock.stop(Kernel.ADD_SQUARED_PRODUCTS, Kernel.ADD_SQUARED_PRODUCTS.operations(elements), bytes);
    }

    @Override
    public void addSquaredRows(Tensor source, int[] ids, Tensor target) {
        clock.start();
        backend.addSquaredRows(source, ids, target);
        clock.stop(Kernel.ADD_SQUARED_ROWS, source.size());
    }

    @Override
    public void addColumnSquares(Tensor source, Tensor target) {
        clock.start();
        backend.addColumnSquares(source, target);
        clock.stop(Kernel.ADD_COLUMN_SQUARES, source.size());
    }

    @Override
    public void close() {
        backend.close();
    }
}
