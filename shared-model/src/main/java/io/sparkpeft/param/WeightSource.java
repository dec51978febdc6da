package io.sparkpeft.param;

import java.nio.charset.StandardCharsets;

/**
 * The weights of a model, wherever they are, given piece by piece, so that nobody needs all of them in memory to pass
 * them on. Never changes; serves several threads.
 */
public interface WeightSource {
    /** Most values of a piece that {@link #forEachPiece} gives. */
    int PIECE = 1 << 17;

    ParameterLayout layout();

    /**
     * Copies {@code count} values of a tensor, row-major from index {@code from} on, to {@code target} from
     * {@code offset} on.
     */
    void read(int tensor, int from, int count, float[] target, int offset);

    /** Receives some values of a tensor. */
    @FunctionalInterface
    interface Piece {
        /**
         * @param from index in the tensor, row-major, of the first value
         * @param values the first {@code count} entries; used again for the next piece
         */
        void accept(int from, int count, float[] values);
    }

    /** All values of a tensor in order, at most {@link #PIECE} at once. */
    default void forEachPiece(int tensor, Piece piece) {
        int size = layout().tensor(tensor).size();
        float[] values = new float[Math.min(PIECE, size)];
        for (int from = 0; from < size; from += values.length) {
            int count = Math.min(values.length, size - from);
            read(tensor, from, count, values, 0);
            piece.accept(from, count, values);
        }
    }

    /** The values of one tensor, row-major. Not to be changed: they may be the source's own. */
    default float[] tensor(int tensor) {
        float[] values = new float[layout().tensor(tensor).size()];
        read(tensor, 0, values.length, values, 0);
        return values;
    }

    /** Hex SHA-256 over layout and bits of all weights. */
    default String fingerprint() {
        Fingerprint print = new Fingerprint().add(layout().fingerprint().getBytes(StandardCharsets.UTF_8));
        for (int t = 0; t < layout().count(); t++) {
            forEachPiece(t, (from, count, values) -> print.add(values, count));
        }
        return print.hex();
    }
}
