package io.sparkpeft.compute.cuda.kernel;

import io.sparkpeft.compute.cuda.launch.Launcher;
import io.sparkpeft.compute.cuda.memory.CudaTensor;
import io.sparkpeft.compute.cuda.memory.Scratch;

/**
 * Sums over the rows of matrices, column by column: of chunks of rows first, then of the chunks' sums. How rows are cut
 * depends on their number alone, so that every device sums in the same order.
 */
public final class ColumnKernels {
    private static final int CHUNK = 128;
    private static final int MOST_CHUNKS = 1024;

    private final Launcher launcher;
    private final Scratch scratch;

    ColumnKernels(Launcher launcher, Scratch scratch) {
        this.launcher = launcher;
        this.scratch = scratch;
    }

    public void sumRows(CudaTensor source, CudaTensor target) {
        sum("sum_rows", source, target, false);
    }

    public void addColumnSquares(CudaTensor source, CudaTensor target) {
        sum("sum_row_squares", source, target, true);
    }

    private void sum(String kernel, CudaTensor source, CudaTensor target, boolean add) {
        Chunks chunks = chunks(source.rows(), target);
        launcher.columns(kernel, source.columns(), chunks.count())
                .integer(source.rows())
                .integer(source.columns())
                .matrix(source)
                .integer(chunks.rows())
                .address(chunks.sums())
                .integer(source.columns())
                .flag(add && chunks.count() == 1)
                .run();
        finish(chunks, target, add);
    }

    /** Of layer norms, whose statistics have two columns, and of root-mean-square norms. */
    public void normWeightGradient(
            CudaTensor input, CudaTensor statistics, CudaTensor outputGradient, CudaTensor weightGradient) {
        Chunks chunks = chunks(input.rows(), weightGradient);
        launcher.columns("norm_weight_gradient", input.columns(), chunks.count())
                .integer(input.rows())
                .integer(input.columns())
                .flag(statistics.columns() == 2)
                .matrix(input)
                .matrix(statistics)
                .matrix(outputGradient)
                .integer(chunks.rows())
                .address(chunks.sums())
                .integer(input.columns())
                .flag(false)
                .run();
        finish(chunks, weightGradient, false);
    }

    /**
     * How rows are cut.
     *
     * @param rows of a chunk
     * @param sums where the sum of each chunk goes: straight to the target where there is one chunk
     */
    private record Chunks(int count, int rows, long sums) {}

    private Chunks chunks(int rows, CudaTensor target) {
        target.writable();
        int size = Math.max(CHUNK, Launcher.ceil(rows, MOST_CHUNKS));
        int count = Math.max(1, Launcher.ceil(rows, size));
        long sums = count == 1
                ? target.address()
                : scratch.floats(Scratch.Use.PARTIAL_SUMS, (long) count * target.columns());
        return new Chunks(count, size, sums);
    }

    private void finish(Chunks chunks, CudaTensor target, boolean add) {
        if (chunks.count() > 1) {
            launcher.columns("sum_rows", target.columns(), 1)
                    .integer(chunks.count())
                    .integer(target.columns())
                    .address(chunks.sums())
                    .integer(target.columns())
                    .integer(chunks.count())
                    .result(target)
                    .flag(add)
                    .run();
        }
    }
}
