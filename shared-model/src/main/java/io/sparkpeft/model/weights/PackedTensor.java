package io.sparkpeft.model.weights;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Halves;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.param.Bfloat16;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.param.WeightSource;
import java.util.Arrays;
import java.util.Optional;

/**
 * A matrix without loss in little more than half of its memory: what bfloat16 holds as {@link Halves}, and apart from it
 * the few values that it does not hold, such as those that were tuned before.
 *
 * @param halves [rows, ⌈columns/2⌉]
 * @param places row-major, ascending, of the values that the halves do not hold
 * @param values at these places
 */
record PackedTensor(Tensor halves, int[] places, float[] values) {
    /** Share of a matrix that may lie apart; and that may be tuned on top of it. */
    static final double APART = 0.1;

    /** Most entries of a tensor that may lie apart from its halves. */
    static int most(TensorSpec spec) {
        return (int) (APART * spec.size());
    }

    /** Packs a tensor; empty if too many of its values do not fit. */
    static Optional<PackedTensor> read(Backend backend, WeightSource source, int tensor) {
        TensorSpec spec = source.layout().tensor(tensor);
        int columns = spec.columns();
        int width = Halves.width(columns);
        int band = Math.min(spec.rows(), Math.max(1, WeightSource.PIECE / columns));
        float[] rows = new float[band * columns];
        float[] packed = new float[band * width];
        Apart apart = new Apart(most(spec));
        Tensor halves = backend.allocate(spec.rows(), width);
        for (int r = 0; r < spec.rows(); r += band) {
            int count = Math.min(band, spec.rows() - r);
            source.read(tensor, r * columns, count * columns, rows, 0);
            if (!apart.add(rows, count * columns, r * columns)) {
                backend.free(halves);
                return Optional.empty();
            }
            Halves.pack(rows, count, columns, packed);
            backend.upload(packed, 0, backend.rows(halves, r, count));
        }
        return Optional.of(new PackedTensor(halves, apart.places(), apart.values()));
    }

    long bytes() {
        return Float.BYTES * (halves.size() + 2L * places.length);
    }

    /** Values that the halves do not hold. */
    private static final class Apart {
        private final int most;
        private int[] places = new int[16];
        private float[] values = new float[16];
        private int count;

        Apart(int most) {
            this.most = most;
        }

        boolean add(float[] some, int size, int from) {
            for (int i = 0; i < size; i++) {
                if (!Bfloat16.holds(some[i])) {
                    if (count == most) {
                        return false;
                    }
                    if (count == places.length) {
                        places = Arrays.copyOf(places, 2 * count);
                        values = Arrays.copyOf(values, 2 * count);
                    }
                    places[count] = from + i;
                    values[count++] = some[i];
                }
            }
            return true;
        }

        int[] places() {
            return Arrays.copyOf(places, count);
        }

        float[] values() {
            return Arrays.copyOf(values, count);
        }
    }
}
