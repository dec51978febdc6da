package io.sparkpeft.compute.cuda.kernel;

import io.sparkpeft.compute.argument.Entries;
import io.sparkpeft.compute.cuda.launch.CallArrays;
import io.sparkpeft.compute.cuda.launch.Launcher;
import io.sparkpeft.compute.cuda.memory.CudaTensor;
import io.sparkpeft.compute.cuda.memory.IndexCache;
import io.sparkpeft.compute.cuda.memory.Scratch;

/** Weight gradients of which not all is wanted: chosen entries, or the squares of every example's. */
public final class GradientKernels {
    /** A dot product by itself moves as many bytes as so many entries of a whole product take operations' time. */
    private static final int ENTRIES_OF_ONE_DOT = 200;

    /** Floats of the product of which chosen entries are taken: 64 MiB. */
    private static final int BLOCK = 1 << 24;

    private final Launcher launcher;
    private final CallArrays arrays;
    private final ProductKernels products;
    private final Scratch scratch;
    private final IndexCache indices;

    GradientKernels(
            Launcher launcher, CallArrays arrays, ProductKernels products, Scratch scratch, IndexCache indices) {
        this.launcher = launcher;
        this.arrays = arrays;
        this.products = products;
        this.scratch = scratch;
        this.indices = indices;
    }

    /** Adds the chosen entries of leftᵀ·right to an array on the device. */
    public void addSampledProduct(CudaTensor left, CudaTensor right, Entries entries, long target) {
        if (entries.count() == 0 || left.rows() == 0) {
            return;
        }
        long size = (long) entries.rows() * entries.width();
        if ((long) entries.count() * ENTRIES_OF_ONE_DOT < size) {
            addDots(left, right, entries, target);
        } else {
            addFromProduct(left, right, entries, target);
        }
    }

    /** Entry by entry, from factors turned so that a dot product reads consecutive memory. */
    private void addDots(CudaTensor left, CudaTensor right, Entries entries, long target) {
        long turnedLeft = turned(left, Scratch.Use.LEFT_FACTOR);
        long turnedRight = turned(right, Scratch.Use.RIGHT_FACTOR);
        long there = indices.address(entries.indices());
        launcher.warps("sampled_product", entries.count())
                .integer(entries.count())
                .address(there)
                .integer(entries.width())
                .integer(left.rows())
                .address(turnedLeft)
                .integer(left.rows())
                .address(turnedRight)
                .integer(left.rows())
                .address(target)
                .run();
    }

    private long turned(CudaTensor matrix, Scratch.Use use) {
        long address = scratch.floats(use, matrix.size());
        launcher.columns("transpose", matrix.columns(), Launcher.ceil(matrix.rows(), 32))
                .integer(matrix.rows())
                .integer(matrix.columns())
                .matrix(matrix)
                .address(address)
                .integer(matrix.rows())
                .run();
        return address;
    }

    /** From the whole product, some of its rows at a time. */
    private void addFromProduct(CudaTensor left, CudaTensor right, Entries entries, long target) {
        int width = entries.width();
        int rows = Math.max(1, Math.min(entries.rows(), BLOCK / width));
        long there = indices.address(entries.indices());
        CudaTensor block = scratch.matrix(Scratch.Use.PRODUCT, rows, width);
        for (int r = 0; r < entries.rows(); r += rows) {
            int count = Math.min(rows, entries.rows() - r);
            int from = entries.starts()[r];
            int taken = entries.starts()[r + count] - from;
            if (taken > 0) {
                CudaTensor part = block.view(0, 0, count, width);
                CudaTensor factor = left.view(0, r, left.rows(), count);
                products.multiply(new ProductKernels.Flags(true, false), 1f, factor, right, 0f, part);
                addGathered(
                        part,
                        r * width,
                        there + (long) Integer.BYTES * from,
                        taken,
                        target + (long) Float.BYTES * from);
            }
        }
    }

    private void addGathered(CudaTensor block, int firstIndex, long places, int count, long target) {
        launcher.entries("gather_block_entries", count)
                .integer(count)
                .address(places)
                .integer(firstIndex)
                .matrix(block)
                .integer(block.columns())
                .address(target)
                .run();
    }

    /** target += Σ_s (left_sᵀ·right_s)², in one pass. */
    public void addSquaredProducts(CudaTensor left, CudaTensor right, int[] bounds, CudaTensor target) {
        long there = arrays.begin(bounds.length, 1).integers(bounds, bounds.length);
        arrays.send();
        launcher.tiles(
                        "squared_products",
                        Launcher.ceil(target.columns(), Launcher.TILE),
                        Launcher.ceil(target.rows(), Launcher.TILE),
                        1)
                .integer(bounds.length - 1)
                .address(there)
                .integer(target.rows())
                .integer(target.columns())
                .matrix(left)
                .matrix(right)
                .result(target)
                .run();
    }
}
