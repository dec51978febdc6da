package io.sparkpeft.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.compute.argument.Queries;
import io.sparkpeft.compute.contract.backend.Twin;
import io.sparkpeft.compute.contract.backend.Twin.Pair;
import io.sparkpeft.compute.cuda.emulator.EmulatedProvider;
import io.sparkpeft.compute.cuda.emulator.NeedsEmulator;
import io.sparkpeft.compute.cuda.emulator.RoundedProvider;
import io.sparkpeft.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attention in every precision, of lengths and head sizes that take every way through its kernels. Those that round the
 * factors of its products do so once, to TF32.
 */
@NeedsEmulator
class AttentionPrecisionTest {
    /** What an entry of the probabilities and of the other results may be off by. */
    private record Allowed(double probabilities, double sums) {}

    /** What the laws of all backends allow, or a little more for longer sums. */
    private static final Allowed OF_FLOATS = new Allowed(2e-6, 2e-5);
    /**
     * A factor of 11 bits is off by at most 2⁻¹² of the power of two above it. Over these shapes that comes to 1.1e-4 and
     * 1.5e-3 at most in double arithmetic with rounded factors; the 8 bits of bf16 would come to eight times that.
     */
    private static final Allowed OF_ELEVEN_BITS = new Allowed(3e-4, 4e-3);

    private static final int[][] PACKINGS = {{0, 1}, {0, 3, 4, 12}, {0, 70}, {0, 132, 195}};

    /** heads, key/value heads, head size */
    private static final int[][] HEADS = {{2, 2, 16}, {4, 2, 5}, {4, 1, 72}};

    static Stream<Arguments> cases() {
        return Stream.concat(Stream.of(EmulatedProvider.NAME), rounding())
                .flatMap(name -> Stream.of(Arguments.of(name, false), Arguments.of(name, true)));
    }

    static Stream<String> rounding() {
        return Stream.of(Precision.TF32, Precision.BF16).map(RoundedProvider::name);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void valuesAndGradientsAreWithinWhatThePrecisionAllows(String backend, boolean strided) {
        Allowed allowed = backend.equals(EmulatedProvider.NAME) ? OF_FLOATS : OF_ELEVEN_BITS;
        for (int[] offsets : PACKINGS) {
            for (int[] heads : HEADS) {
                for (int flags = 0; flags < 4; flags++) {
                    Queries queries = Queries.all(offsets);
                    Dropout dropout = (flags & 1) != 0 ? dropout(queries.count()) : Dropout.NONE;
                    boolean causal = (flags & 2) != 0;
                    AttentionSpec spec =
                            new AttentionSpec(heads[0], heads[1], heads[2], causal, offsets, queries, dropout);
                    try (Twin twin = new Twin(backend, strided)) {
                        run(twin, spec).assertAgree(twin, allowed);
                    }
                }
            }
        }
    }

    /** Long rows of scores, at multiples of 16 bytes and elsewhere; of more than 256 keys softmax holds none in registers. */
    @ParameterizedTest
    @MethodSource("cases")
    void fewQueriesOfManyKeys(String backend, boolean strided) {
        Allowed allowed = backend.equals(EmulatedProvider.NAME) ? OF_FLOATS : OF_ELEVEN_BITS;
        Queries queries = new Queries(new int[] {0, 3, 6}, new int[] {0, 301, 514, 0, 300, 511});
        for (int keys : new int[] {515, 516}) {
            for (boolean causal : new boolean[] {false, true}) {
                AttentionSpec spec =
                        new AttentionSpec(2, 1, 8, causal, new int[] {0, keys, keys + 512}, queries, Dropout.NONE);
                try (Twin twin = new Twin(backend, strided)) {
                    run(twin, spec).assertAgree(twin, allowed);
                }
            }
        }
    }

    /** What a call gives, the gradients of its inputs by all results. */
    private record Results(Pair probabilities, Pair output, Pair query, Pair key, Pair value) {
        void assertAgree(Twin twin, Allowed allowed) {
            twin.assertAgree(probabilities, allowed.probabilities(), 0);
            twin.assertAgree(output, allowed.sums(), 0);
            twin.assertAgree(query, allowed.sums(), 0);
            twin.assertAgree(key, allowed.sums(), 0);
            twin.assertAgree(value, allowed.sums(), 0);
        }

        List<float[]> values(Twin twin) {
            List<float[]> all = new ArrayList<>();
            for (Pair pair : List.of(probabilities, output, query, key, value)) {
                all.add(twin.values(pair.tested()));
            }
            return all;
        }
    }

    private static Results run(Twin twin, AttentionSpec spec) {
        int rows = spec.offsets()[spec.sequences()];
        int asking = spec.queries().count();
        int queryColumns = spec.heads() * spec.headSize();
        int keyColumns = spec.keyValueHeads() * spec.headSize();
        Pair query = twin.random(asking, queryColumns, 1);
        Pair key = twin.random(rows, keyColumns, 1);
        Pair value = twin.random(rows, keyColumns, 1);
        Pair gradient = twin.random(asking, queryColumns, 1);
        Results results = new Results(
                twin.garbage(spec.heads(), spec.probabilitiesPerHead()),
                twin.garbage(asking, queryColumns),
                twin.garbage(asking, queryColumns),
                twin.garbage(rows, keyColumns),
                twin.garbage(rows, keyColumns));
        twin.run((b, t) -> {
            QueryKeyValue input = t.of(query, key, value);
            b.attention(spec, input, t.of(results.probabilities()), t.of(results.output()));
            b.attentionBackward(
                    spec,
                    input,
                    t.of(results.probabilities()),
                    t.of(gradient),
                    t.of(results.query(), results.key(), results.value()));
        });
        return results;
    }

    /** All five results are others than in float32, so that no product was forgotten. */
    @ParameterizedTest
    @MethodSource("rounding")
    void everyProductIsRounded(String backend) {
        AttentionSpec spec = new AttentionSpec(2, 1, 16, true, new int[] {0, 20, 60}, Dropout.NONE);
        try (Twin exact = new Twin(EmulatedProvider.NAME, false);
                Twin rounded = new Twin(backend, false)) {
            List<float[]> expected = run(exact, spec).values(exact);
            List<float[]> found = run(rounded, spec).values(rounded);
            for (int r = 0; r < expected.size(); r++) {
                double furthest = 0;
                for (int i = 0; i < expected.get(r).length; i++) {
                    furthest = Math.max(furthest, Math.abs(expected.get(r)[i] - found.get(r)[i]));
                }
                assertThat(furthest).as("result %d", r).isGreaterThan(2e-5);
            }
        }
    }

    /** Of one key the probability is 1, so that value and gradient pass through one product, rounded to the nearest. */
    @ParameterizedTest
    @MethodSource("rounding")
    void oneKeyGivesItsValueInElevenBits(String backend) {
        int size = 64;
        AttentionSpec spec = new AttentionSpec(1, 1, size, false, new int[] {0, 1}, Dropout.NONE);
        try (Backend b = BackendProvider.create(backend)) {
            Tensor value = b.allocate(1, size);
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = (float) CounterRandom.normal(1, i);
            }
            b.upload(values, 0, value);
            Tensor probabilities = b.allocate(1, 1);
            Tensor output = b.allocate(1, size);
            Tensor gradient = b.allocate(1, size);
            QueryKeyValue input = new QueryKeyValue(value, value, value);
            b.attention(spec, input, probabilities, output);
            b.attentionBackward(
                    spec,
                    input,
                    probabilities,
                    value,
                    new QueryKeyValue(b.allocate(1, size), b.allocate(1, size), gradient));
            for (Tensor tensor : List.of(output, gradient)) {
                float[] found = new float[size];
                b.download(tensor, found, 0);
                for (int i = 0; i < size; i++) {
                    assertThat(found[i]).isEqualTo(elevenBits(values[i]));
                }
            }
        }
    }

    private static float elevenBits(float x) {
        return Float.intBitsToFloat((Float.floatToRawIntBits(x) + 0x1000) & ~0x1fff);
    }

    private static Dropout dropout(int rows) {
        long[] keys = new long[rows];
        for (int r = 0; r < rows; r++) {
            keys[r] = CounterRandom.mix(7, r);
        }
        return new Dropout(0.3f, 5, keys);
    }
}
