package io.sparkpeft.compute;

import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.argument.Entries;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What backends check about the shapes of a call before they compute. All throw IllegalArgumentException. */
public final class Shapes {
    private Shapes() {}

    /** All tensors have the shape of the first. */
    public static void same(String kernel, Tensor first, Tensor... others) {
        for (Tensor other : others) {
            if (other.rows() != first.rows() || other.columns() != first.columns()) {
                throw mismatch(kernel, "shapes differ", join(first, others));
            }
        }
    }

    /** Two values of a row of the target lie in each float of a packed row. */
    public static void halves(Tensor packed, Tensor target) {
        if (packed.rows() != target.rows() || packed.columns() != Halves.width(target.columns())) {
            throw mismatch("expand", "the packed rows do not fit", packed, target);
        }
    }

    /** Every row vector is [1, columns of the matrix]. */
    public static void rowVector(String kernel, Tensor matrix, Tensor... vectors) {
        for (Tensor vector : vectors) {
            if (vector.rows() != 1 || vector.columns() != matrix.columns()) {
                throw mismatch(kernel, "a row vector does not fit", join(matrix, vectors));
            }
        }
    }

    /** Statistics are [rows of the matrix, width]. */
    public static void statistics(String kernel, Tensor matrix, Tensor statistics, int width) {
        if (statistics.rows() != matrix.rows() || statistics.columns() != width) {
            throw mismatch(kernel, "statistics must have %d columns".formatted(width), matrix, statistics);
        }
    }

    /** op(a)·op(b) has the shape of c. */
    public static void gemm(boolean transposeA, boolean transposeB, Tensor a, Tensor b, Tensor c) {
        int m = transposeA ? a.columns() : a.rows();
        int k = transposeA ? a.rows() : a.columns();
        int n = transposeB ? b.rows() : b.columns();
        int inner = transposeB ? b.columns() : b.rows();
        if (k != inner || c.rows() != m || c.columns() != n) {
            throw mismatch(
                    "gemm(transposeA=%b, transposeB=%b)".formatted(transposeA, transposeB),
                    "inner or outer" + " sizes differ",
                    a,
                    b,
                    c);
        }
    }

    /** The entries lie in leftᵀ·right. */
    public static void sampled(Tensor left, Tensor right, Entries entries, int places) {
        if (left.rows() != right.rows() || left.columns() != entries.rows() || right.columns() != entries.width()) {
            throw mismatch(
                    "addSampledProduct",
                    "the entries are those of a [%d, %d] matrix".formatted(entries.rows(), entries.width()),
                    left,
                    right);
        }
        count("addSampledProduct", "places", places, entries.count());
    }

    /** leftᵀ·right has the shape of the target, and the bounds end where the rows do. */
    public static void products(Tensor left, Tensor right, int[] bounds, Tensor target) {
        if (left.rows() != right.rows()
                || left.rows() != bounds[bounds.length - 1]
                || left.columns() != target.rows()
                || right.columns() != target.columns()) {
            throw mismatch(
                    "addSquaredProducts",
                    "examples of %d rows".formatted(bounds[bounds.length - 1]),
                    left,
                    right,
                    target);
        }
    }

    /** Query, key, value, probabilities and output of an attention agree with its specification. */
    public static void attention(
            String kernel, AttentionSpec spec, QueryKeyValue input, Tensor probabilities, Tensor output) {
        int rows = spec.offsets()[spec.sequences()];
        int queryColumns = Math.multiplyExact(spec.heads(), spec.headSize());
        int keyColumns = Math.multiplyExact(spec.keyValueHeads(), spec.headSize());
        int queries = spec.queries().count();
        boolean fits = has(input.query(), queries, queryColumns)
                && has(input.key(), rows, keyColumns)
                && has(input.value(), rows, keyColumns)
                && has(output, queries, queryColumns)
                && has(probabilities, spec.heads(), spec.probabilitiesPerHead());
        if (!fits) {
            throw mismatch(
                    kernel,
                    "%d queries of %d rows in %d sequences, %d/%d heads of %d"
                            .formatted(
                                    queries,
                                    rows,
                                    spec.sequences(),
                                    spec.heads(),
                                    spec.keyValueHeads(),
                                    spec.headSize()),
                    input.query(),
                    input.key(),
                    input.value(),
                    probabilities,
                    output);
        }
        if (spec.dropout().isActive()) {
            rowKeys(kernel, spec.dropout(), output);
        }
    }

    /** The dropout has a key for every row. */
    public static void rowKeys(String kernel, Dropout dropout, Tensor tensor) {
        count(kernel, "dropout keys", dropout.rowKeys().length, tensor.rows());
    }

    /** An array holds what the kernel needs. */
    public static void count(String kernel, String what, int found, int needed) {
        if (found < needed) {
            throw new IllegalArgumentException(
                    "Cannot compute %s: %d %s, %d needed".formatted(kernel, found, what, needed));
        }
    }

    /** A range of rows, columns or entries lies inside. */
    public static void range(String kernel, Tensor tensor, int from, int count, int available) {
        if (from < 0 || count < 0 || from > available - count) {
            throw new IllegalArgumentException("Cannot take %s of a %s tensor: %d from %d on, there are %d"
                    .formatted(kernel, text(tensor), count, from, available));
        }
    }

    /** Every id names a row of the table. */
    public static void ids(String kernel, int[] ids, Tensor table, Tensor selected) {
        if (ids.length < selected.rows()) {
            count(kernel, "row ids", ids.length, selected.rows());
        }
        if (table.columns() != selected.columns()) {
            throw mismatch(kernel, "columns differ", table, selected);
        }
        for (int r = 0; r < selected.rows(); r++) {
            if (ids[r] < 0 || ids[r] >= table.rows()) {
                throw new IllegalArgumentException("Cannot compute %s: row id %d at %d, the table has %d rows"
                        .formatted(kernel, ids[r], r, table.rows()));
            }
        }
    }

    /** Every id names a column of the source, whose rows the selected columns have. */
    public static void columnIds(String kernel, int[] ids, Tensor source, Tensor selected) {
        count(kernel, "column ids", ids.length, selected.columns());
        if (source.rows() != selected.rows()) {
            throw mismatch(kernel, "rows differ", source, selected);
        }
        for (int c = 0; c < selected.columns(); c++) {
            if (ids[c] < 0 || ids[c] >= source.columns()) {
                throw new IllegalArgumentException("Cannot compute %s: column id %d at %d, the source has %d columns"
                        .formatted(kernel, ids[c], c, source.columns()));
            }
        }
    }

    /** Every label is −1 or names a column. */
    public static void labels(String kernel, int[] labels, Tensor logits) {
        count(kernel, "labels", labels.length, logits.rows());
        for (int r = 0; r < logits.rows(); r++) {
            if (labels[r] < -1 || labels[r] >= logits.columns()) {
                throw new IllegalArgumentException("Cannot compute %s: label %d in row %d, there are %d classes"
                        .formatted(kernel, labels[r], r, logits.columns()));
            }
        }
    }

    /** Rotary embedding: whole heads of even size and a position for every row; returns the largest position. */
    public static int rope(Tensor target, int[] positions, int headSize) {
        count("rope", "positions", positions.length, target.rows());
        if (headSize < 2 || headSize % 2 != 0 || target.columns() % headSize != 0) {
            throw mismatch("rope", "head size " + headSize, target);
        }
        int largest = 0;
        for (int r = 0; r < target.rows(); r++) {
            if (positions[r] < 0) {
                throw new IllegalArgumentException(
                        "Cannot compute rope: position %d in row %d".formatted(positions[r], r));
            }
            largest = Math.max(largest, positions[r]);
        }
        return largest;
    }

    /** The error for a call whose tensors do not fit. */
    public static IllegalArgumentException mismatch(String kernel, String why, Tensor... tensors) {
        String shapes = Arrays.stream(tensors).map(Shapes::text).collect(Collectors.joining(", "));
        return new IllegalArgumentException("Cannot compute %s: %s: %s".formatted(kernel, why, shapes));
    }

    private static boolean has(Tensor tensor, int rows, int columns) {
        return tensor.rows() == rows && tensor.columns() == columns;
    }

    private static String text(Tensor tensor) {
        return "[%d, %d]".formatted(tensor.rows(), tensor.columns());
    }

    private static Tensor[] join(Tensor first, Tensor[] others) {
        Tensor[] all = new Tensor[others.length + 1];
        all[0] = first;
        System.arraycopy(others, 0, all, 1, others.length);
        return all;
    }
}
