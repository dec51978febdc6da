package io.sparkpeft.compute.contract.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.reference.ReferenceBackend;
import io.sparkpeft.compute.reference.ReferenceTensor;
import io.sparkpeft.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * A backend and the reference side by side: tensors are made in both with the same values, kernels run on both, results
 * are compared. Strided twins make every tensor a view inside a larger one, whose other entries must stay untouched.
 */
public final class Twin implements AutoCloseable {
    private static final float UNTOUCHED = 777f;

    private final Backend reference = new ReferenceBackend();
    private final Backend tested;
    private final boolean strided;
    private final List<Pair> pairs = new ArrayList<>();
    private long seed;

    public Twin(String backend, boolean strided) {
        this.tested = BackendProvider.create(backend);
        this.strided = strided;
    }

    /** Every backend there is. */
    public static Stream<String> backends() {
        return Backends.names();
    }

    /** Every backend, with dense tensors and with views. */
    public static Stream<Arguments> cases() {
        return backends().flatMap(name -> Stream.of(Arguments.of(name, false), Arguments.of(name, true)));
    }

    /** One tensor in both backends. */
    public record Pair(Tensor reference, Tensor tested, Tensor testedBase, int row, int column) {}

    /** Picks the tensor of one backend. */
    public interface Side {
        Tensor of(Pair pair);

        default QueryKeyValue of(Pair query, Pair key, Pair value) {
            return new QueryKeyValue(of(query), of(key), of(value));
        }
    }

    public interface Kernel {
        void run(Backend backend, Side side);
    }

    /** Uniform values in ±spread, never the same twice. */
    public Pair random(int rows, int columns, double spread) {
        long key = ++seed;
        return of(rows, columns, i -> (2 * CounterRandom.uniform(key, i) - 1) * spread);
    }

    public Pair zeros(int rows, int columns) {
        return of(rows, columns, i -> 0);
    }

    /** Values that a kernel must not read. */
    public Pair garbage(int rows, int columns) {
        return of(rows, columns, i -> Double.NaN);
    }

    public Pair of(int rows, int columns, IntToDoubleFunction value) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) value.applyAsDouble(i);
        }
        Tensor inReference = reference.allocate(rows, columns);
        reference.upload(values, 0, inReference);
        int row = strided ? 1 : 0;
        int column = strided ? 3 : 0;
        Tensor base = tested.allocate(rows + 2 * row, columns + 2 * column);
        tested.fill(base, UNTOUCHED);
        Tensor view = strided ? tested.columns(tested.rows(base, row, rows), column, columns) : base;
        tested.upload(values, 0, view);
        Pair pair = new Pair(inReference, view, base, row, column);
        pairs.add(pair);
        return pair;
    }

    public void run(Kernel kernel) {
        kernel.run(reference, Pair::reference);
        kernel.run(tested, Pair::tested);
    }

    /** |tested − reference| ≤ absolute + relative·|reference| everywhere, and nothing outside any view has changed. */
    public void assertAgree(Pair pair, double absolute, double relative) {
        double[] expected = ReferenceTensor.of(pair.reference()).values();
        float[] found = new float[expected.length];
        tested.download(pair.tested(), found, 0);
        for (int i = 0; i < found.length; i++) {
            double allowed = absolute + relative * Math.abs(expected[i]);
            if (!(Math.abs(found[i] - expected[i]) <= allowed)) {
                int columns = pair.tested().columns();
                throw new AssertionError("[%d, %d]: %s, reference %s, allowed difference %s"
                        .formatted(i / columns, i % columns, found[i], expected[i], allowed));
            }
        }
        pairs.forEach(this::assertUntouchedAround);
    }

    private void assertUntouchedAround(Pair pair) {
        Tensor base = pair.testedBase();
        float[] values = new float[base.size()];
        tested.download(base, values, 0);
        for (int r = 0; r < base.rows(); r++) {
            for (int c = 0; c < base.columns(); c++) {
                boolean inside = r >= pair.row()
                        && r < base.rows() - pair.row()
                        && c >= pair.column()
                        && c < base.columns() - pair.column();
                if (!inside) {
                    assertThat(values[r * base.columns() + c]).isEqualTo(UNTOUCHED);
                }
            }
        }
    }

    public Backend tested() {
        return tested;
    }

    public float[] values(Tensor tensor) {
        float[] values = new float[tensor.size()];
        tested.download(tensor, values, 0);
        return values;
    }

    @Override
    public void close() {
        reference.close();
        tested.close();
    }
}
