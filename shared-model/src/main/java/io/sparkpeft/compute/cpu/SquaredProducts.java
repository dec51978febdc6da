package io.sparkpeft.compute.cpu;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Kernels;
import io.sparkpeft.compute.cpu.kernel.Memory;

/**
 * Sums over examples of squared products. A block of the target takes the squares of all examples before the next block's
 * turn, so that block and product stay in the second cache. Where no example has more than one row, the square of a
 * product of two numbers is the product of their squares, and all is one product.
 */
final class SquaredProducts {
    /** Floats of a block: 256 KiB. */
    private static final int BLOCK = 1 << 16;

    private final Kernels kernels;
    private final Scratch scratch;

    SquaredProducts(Kernels kernels, Scratch scratch) {
        this.kernels = kernels;
        this.scratch = scratch;
    }

    void add(CpuTensor left, CpuTensor right, int[] bounds, CpuTensor target) {
        if (hasSingleRows(bounds)) {
            OpenBlas.gemm(true, false, 1f, squares(left, 0), squares(right, 1), 1f, target);
            return;
        }
        int rows = Math.max(1, Math.min(target.rows(), BLOCK / target.columns()));
        for (int r = 0; r < target.rows(); r += rows) {
            addBlock(left, right, bounds, target.view(r, 0, Math.min(rows, target.rows() - r), target.columns()), r);
        }
    }

    private void addBlock(CpuTensor left, CpuTensor right, int[] bounds, CpuTensor block, int firstColumn) {
        int columns = block.columns();
        Memory memory = scratch.block(0, block.rows() * columns);
        CpuTensor product = new CpuTensor(memory, 0, block.rows(), columns, columns);
        Window a = new Window(left);
        Window b = new Window(right);
        Window c = new Window(product);
        for (int s = 0; s + 1 < bounds.length; s++) {
            int count = bounds[s + 1] - bounds[s];
            if (count > 0) {
                a.of(left, bounds[s], firstColumn, count, block.rows());
                b.of(right, bounds[s], 0, count, columns);
                OpenBlas.gemm(true, false, a, b, 0f, c);
                kernels.addSquares(product, block);
            }
        }
    }

    private CpuTensor squares(CpuTensor source, int which) {
        Memory memory = scratch.block(which, source.size());
        CpuTensor squares = new CpuTensor(memory, 0, source.rows(), source.columns(), source.columns());
        kernels.fill(squares, 0f);
        kernels.addSquares(source, squares);
        return squares;
    }

    private static boolean hasSingleRows(int[] bounds) {
        for (int s = 0; s + 1 < bounds.length; s++) {
            if (bounds[s + 1] - bounds[s] > 1) {
                return false;
            }
        }
        return true;
    }
}
