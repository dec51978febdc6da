package io.sparkpeft.compute.reference;

/** Rows and entries by index, and accumulated squares. */
final class ReferenceIndexing {
    private ReferenceIndexing() {}

    static void gatherRows(ReferenceTensor table, int[] ids, ReferenceTensor output, boolean add) {
        for (int r = 0; r < output.rows(); r++) {
            for (int c = 0; c < output.columns(); c++) {
                double before = add ? output.get(r, c) : 0;
                output.set(r, c, before + table.get(ids[r], c));
            }
        }
    }

    static void gatherColumns(ReferenceTensor source, int[] ids, ReferenceTensor output) {
        for (int r = 0; r < output.rows(); r++) {
            for (int c = 0; c < output.columns(); c++) {
                output.set(r, c, source.get(r, ids[c]));
            }
        }
    }

    static void scatterAddRows(ReferenceTensor source, int[] ids, ReferenceTensor table, boolean squared) {
        for (int r = 0; r < source.rows(); r++) {
            for (int c = 0; c < source.columns(); c++) {
                double value = source.get(r, c);
                table.add(ids[r], c, squared ? value * value : value);
            }
        }
    }

    static void addGathered(ReferenceTensor source, int[] indices, float[] target, int offset) {
        for (int i = 0; i < indices.length; i++) {
            int index = indices[i];
            target[offset + i] += (float) source.get(index / source.columns(), index % source.columns());
        }
    }

    static double norm(float[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    static void addAll(ReferenceTensor source, float[] target, int offset) {
        double[] values = source.values();
        for (int i = 0; i < values.length; i++) {
            target[offset + i] += (float) values[i];
        }
    }

    static void scatter(float[] values, int offset, int[] indices, ReferenceTensor target) {
        for (int i = 0; i < indices.length; i++) {
            target.set(indices[i] / target.columns(), indices[i] % target.columns(), values[offset + i]);
        }
    }

    static void addSquares(ReferenceTensor source, ReferenceTensor target) {
        for (int r = 0; r < source.rows(); r++) {
            for (int c = 0; c < source.columns(); c++) {
                target.add(r, c, source.get(r, c) * source.get(r, c));
            }
        }
    }

    static void addColumnSquares(ReferenceTensor source, ReferenceTensor target) {
        for (int r = 0; r < source.rows(); r++) {
            for (int c = 0; c < source.columns(); c++) {
                target.add(0, c, source.get(r, c) * source.get(r, c));
            }
        }
    }
}
