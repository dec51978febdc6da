package io.sparkpeft.param;

import java.util.ArrayList;
import java.util.List;

/**
 * Some output channels of one tensor: the unit in which importance is summed, scored and selected on executors. Slices
 * run along the output axis, so that the weights of one output channel (a line) are never split: rows of a
 * {@link TensorKind#LINEAR} or {@link TensorKind#EMBEDDING} tensor, columns of a {@link TensorKind#CONV1D} one; a
 * {@link TensorKind#VECTOR} is one line. Positions within a slice run line by line.
 *
 * @param tensor index of the tensor in the layout
 * @param spec the tensor
 * @param offset flat index of the tensor's first entry
 * @param from first line
 * @param to line after the last
 */
public record ParameterSlice(int tensor, TensorSpec spec, long offset, int from, int to) {

    /** Slices of the tensors of one role, in layout order, each of at most {@code maximum} entries or one line. */
    public static List<ParameterSlice> of(ParameterLayout layout, TensorRole role, int maximum) {
        List<ParameterSlice> slices = new ArrayList<>();
        for (int t : layout.indicesOf(role)) {
            TensorSpec spec = layout.tensor(t);
            int lines = lines(spec);
            int step = Math.max(1, maximum / (spec.size() / lines));
            for (int from = 0; from < lines; from += step) {
                slices.add(new ParameterSlice(t, spec, layout.offset(t), from, Math.min(lines, from + step)));
            }
        }
        return slices;
    }

    private static int lines(TensorSpec spec) {
        return spec.kind() == TensorKind.CONV1D ? spec.columns() : spec.rows();
    }

    /** Number of lines in the slice. */
    public int lineCount() {
        return to - from;
    }

    /** Entries of one line. */
    public int lineLength() {
        return spec.size() / lines(spec);
    }

    /** Entries in the slice. */
    public int size() {
        return lineCount() * lineLength();
    }

    /** Index in the tensor, row-major, of a position of the slice. */
    public int localIndex(int position) {
        int line = from + position / lineLength();
        int within = position % lineLength();
        return spec.kind() == TensorKind.CONV1D ? within * spec.columns() + line : line * lineLength() + within;
    }

    /** Flat index in the layout of a position of the slice. */
    public long flatIndex(int position) {
        return offset + localIndex(position);
    }

    /** Copies the slice's entries out of all weights. */
    public float[] cut(WeightSource weights) {
        float[] cut = new float[size()];
        if (spec.kind() == TensorKind.CONV1D) {
            float[] row = new float[lineCount()];
            for (int r = 0; r < lineLength(); r++) {
                weights.read(tensor, r * spec.columns() + from, row.length, row, 0);
                for (int line = 0; line < row.length; line++) {
                    cut[line * lineLength() + r] = row[line];
                }
            }
        } else {
            weights.read(tensor, from * lineLength(), cut.length, cut, 0);
        }
        return cut;
    }

    /** Copies the slice's entries out of a whole tensor. */
    public float[] cut(float[] tensorValues) {
        float[] cut = new float[size()];
        if (spec.kind() == TensorKind.CONV1D) {
            for (int p = 0; p < cut.length; p++) {
                cut[p] = tensorValues[localIndex(p)];
            }
        } else {
            System.arraycopy(tensorValues, from * lineLength(), cut, 0, cut.length);
        }
        return cut;
    }
}
