package io.sparkpeft.compute.cpu;

import static io.sparkpeft.compute.cpu.kernel.CpuTensor.of;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Shapes;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Kernels;
import io.sparkpeft.compute.cpu.kernel.Memory;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Memory of the cpu backend, and copies, rows and entries by index. */
abstract class CpuTensors implements Backend {
    /** Memory that kernels need beside their arguments. */
    final Scratch scratch = new Scratch();

    private final Kernels kernels;
    private final CpuIndexing indexing;
    private final Set<Memory> allocated = Collections.newSetFromMap(new IdentityHashMap<>());

    CpuTensors(Kernels kernels) {
        this.kernels = kernels;
        this.indexing = new CpuIndexing(kernels);
    }

    @Override
    public Tensor allocate(int rows, int columns) {
        Memory memory = new Memory(Math.multiplyExact(rows, columns));
        allocated.add(memory);
        return new CpuTensor(memory, 0, rows, columns, columns);
    }

    @Override
    public void free(Tensor tensor) {
        Memory memory = of(tensor).memory();
        if (allocated.remove(memory)) {
            memory.free();
        }
    }

    @Override
    public Tensor borrow(Tensor lent) {
        Memory memory = of(lent).memory().borrowed();
        allocated.add(memory);
        return of(lent).in(memory);
    }

    @Override
    public Tensor reshape(Tensor base, int offset, int rows, int columns) {
        Shapes.range("entries", base, offset, Math.multiplyExact(rows, columns), base.size());
        CpuTensor dense = of(base);
        if (!dense.isDense()) {
            throw Shapes.mismatch("reshape", "the tensor has gaps between its rows", base);
        }
        return new CpuTensor(dense.memory(), dense.place(0, offset), rows, columns, columns);
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
        CpuIndexing.upload(source, offset, of(target));
    }

    @Override
    public void download(Tensor source, float[] target, int offset) {
        Shapes.count("download", "places", target.length - offset, source.size());
        CpuIndexing.download(of(source), target, offset);
    }

    @Override
    public void fill(Tensor target, float value) {
        kernels.fill(of(target), value);
    }

    @Override
    public void copy(Tensor source, Tensor target) {
        Shapes.same("copy", source, target);
        CpuIndexing.copy(of(source), of(target));
    }

    @Override
    public void expand(Tensor packed, Tensor target) {
        Shapes.halves(packed, target);
        kernels.expand(of(packed), of(target));
    }

    @Override
    public void gatherRows(Tensor table, int[] ids, Tensor output) {
        Shapes.ids("gatherRows", ids, table, output);
        CpuIndexing.gatherRows(of(table), ids, of(output));
    }

    @Override
    public void gatherColumns(Tensor source, int[] ids, Tensor output) {
        Shapes.columnIds("gatherColumns", ids, source, output);
        CpuIndexing.gatherColumns(of(source), ids, of(output));
    }

    @Override
    public void addGatheredRows(Tensor table, int[] ids, Tensor output) {
        Shapes.ids("addGatheredRows", ids, table, output);
        indexing.addGatheredRows(of(table), ids, of(output));
    }

    @Override
    public void scatterAddRows(Tensor source, int[] ids, Tensor table) {
        Shapes.ids("scatterAddRows", ids, table, source);
        indexing.scatterAddRows(of(source), ids, of(table));
    }

    @Override
    public void addGathered(Tensor source, int[] indices, float[] target, int offset) {
        Shapes.count("addGathered", "places", target.length - offset, indices.length);
        CpuIndexing.addGathered(of(source), indices, target, offset);
    }

    @Override
    public void addAll(Tensor source, float[] target, int offset) {
        Shapes.count("addAll", "places", target.length - offset, source.size());
        kernels.addAll(of(source), target, offset);
    }

    @Override
    public double norm(float[] values) {
        return Math.sqrt(kernels.sumOfSquares(values));
    }

    @Override
    public void scatter(float[] values, int offset, int[] indices, Tensor target) {
        Shapes.count("scatter", "values", values.length - offset, indices.length);
        CpuIndexing.scatter(values, offset, indices, of(target));
    }

    @Override
    public void addSquaredRows(Tensor source, int[] ids, Tensor target) {
        Shapes.ids("addSquaredRows", ids, target, source);
        indexing.addSquaredRows(of(source), ids, of(target));
    }

    /** Gives all memory back. */
    @Override
    public void close() {
        allocated.forEach(Memory::free);
        allocated.clear();
        scratch.close();
    }
}
