package io.sparkpeft.compute.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.argument.Queries;
import io.sparkpeft.compute.contract.backend.Twin;
import io.sparkpeft.compute.contract.backend.Twin.Pair;
import io.sparkpeft.random.CounterRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttentionContractTest {
    private static final int[][] PACKINGS = {
        {0, 1}, {0, 3, 4, 9}, {0, 16, 16, 33}, {0, 70}, {0, 130, 195},
    };

    /** heads, key/value heads, head size */
    private static final int[][] HEADS = {{1, 1, 4}, {2, 2, 16}, {4, 2, 5}, {3, 1, 8}};

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void valuesAndGradients(String backend, boolean strided) {
        for (int[] offsets : PACKINGS) {
            for (int[] heads : HEADS) {
                for (int flags = 0; flags < 4; flags++) {
                    Dropout dropout = (flags & 1) != 0 ? dropout(offsets[offsets.length - 1]) : Dropout.NONE;
                    boolean causal = (flags & 2) != 0;
                    check(backend, strided, new AttentionSpec(heads[0], heads[1], heads[2], causal, offsets, dropout));
                }
            }
        }
    }

    /** Some positions of each sequence ask: the first, the last, several, none. */
    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void chosenQueries(String backend, boolean strided) {
        int[] offsets = {0, 3, 7, 12, 100};
        for (int[] heads : HEADS) {
            for (int flags = 0; flags < 4; flags++) {
                int[] positions = new int[75];
                positions[1] = 3;
                for (int i = 2; i < positions.length; i++) {
                    positions[i] = i + 3;
                }
                Queries queries = new Queries(new int[] {0, 1, 2, 2, positions.length}, positions);
                Dropout dropout = (flags & 1) != 0 ? dropout(positions.length) : Dropout.NONE;
                boolean causal = (flags & 2) != 0;
                check(
                        backend,
                        strided,
                        new AttentionSpec(heads[0], heads[1], heads[2], causal, offsets, queries, dropout));
            }
        }
    }

    /** A query gives the same whether others ask too or not. */
    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#backends")
    void oneQueryIsOneRowOfAll(String backend) {
        int[] offsets = {0, 9};
        AttentionSpec all = new AttentionSpec(2, 1, 4, true, offsets, Dropout.NONE);
        AttentionSpec one =
                new AttentionSpec(2, 1, 4, true, offsets, new Queries(new int[] {0, 1}, new int[] {5}), Dropout.NONE);
        try (Twin twin = new Twin(backend, false)) {
            var b = twin.tested();
            Tensor query = twin.random(9, 8, 1).tested();
            Tensor key = twin.random(9, 4, 1).tested();
            Tensor together = b.allocate(9, 8);
            Tensor alone = b.allocate(1, 8);
            var whole = new io.sparkpeft.compute.QueryKeyValue(query, key, key);
            b.attention(all, whole, b.allocate(2, all.probabilitiesPerHead()), together);
            var part = new io.sparkpeft.compute.QueryKeyValue(b.rows(query, 5, 1), key, key);
            b.attention(one, part, b.allocate(2, one.probabilitiesPerHead()), alone);
            float[] expected = twin.values(b.rows(together, 5, 1));
            float[] found = twin.values(alone);
            for (int i = 0; i < found.length; i++) {
                assertThat((double) found[i]).isCloseTo(expected[i], within(1e-6));
            }
        }
    }

    private static void check(String backend, boolean strided, AttentionSpec spec) {
        int rows = spec.offsets()[spec.sequences()];
        int asking = spec.queries().count();
        int queryColumns = spec.heads() * spec.headSize();
        int keyColumns = spec.keyValueHeads() * spec.headSize();
        try (Twin twin = new Twin(backend, strided)) {
            Pair query = twin.random(asking, queryColumns, 2);
            Pair key = twin.random(rows, keyColumns, 2);
            Pair value = twin.random(rows, keyColumns, 1);
            Pair probabilities = twin.garbage(spec.heads(), spec.probabilitiesPerHead());
            Pair output = twin.garbage(asking, queryColumns);
            Pair gradient = twin.random(asking, queryColumns, 1);
            Pair queryGradient = twin.garbage(asking, queryColumns);
            Pair keyGradient = twin.garbage(rows, keyColumns);
            Pair valueGradient = twin.garbage(rows, keyColumns);
            twin.run((b, t) -> {
                b.attention(spec, t.of(query, key, value), t.of(probabilities), t.of(output));
                b.attentionBackward(
                        spec,
                        t.of(query, key, value),
                        t.of(probabilities),
                        t.of(gradient),
                        t.of(queryGradient, keyGradient, valueGradient));
            });
            twin.assertAgree(probabilities, 1e-6, 5e-6);
            twin.assertAgree(output, 3e-6, 5e-6);
            twin.assertAgree(valueGradient, 1e-5, 5e-6);
            twin.assertAgree(queryGradient, 1e-5, 5e-6);
            twin.assertAgree(keyGradient, 1e-5, 5e-6);
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#backends")
    void queryKeyAndValueMayBeColumnsOfOneTensor(String backend) {
        AttentionSpec spec = new AttentionSpec(2, 2, 8, true, new int[] {0, 5, 12}, Dropout.NONE);
        try (Twin twin = new Twin(backend, false)) {
            Pair joined = twin.random(12, 48, 1);
            Pair gradients = twin.garbage(12, 48);
            Pair probabilities = twin.garbage(2, spec.probabilitiesPerHead());
            Pair output = twin.garbage(12, 16);
            twin.run((b, t) -> {
                var input = new io.sparkpeft.compute.QueryKeyValue(
                        b.columns(t.of(joined), 0, 16),
                        b.columns(t.of(joined), 16, 16),
                        b.columns(t.of(joined), 32, 16));
                var results = new io.sparkpeft.compute.QueryKeyValue(
                        b.columns(t.of(gradients), 0, 16),
                        b.columns(t.of(gradients), 16, 16),
                        b.columns(t.of(gradients), 32, 16));
                b.attention(spec, input, t.of(probabilities), t.of(output));
                b.attentionBackward(spec, input, t.of(probabilities), t.of(output), results);
            });
            twin.assertAgree(output, 1e-6, 2e-6);
            twin.assertAgree(gradients, 2e-6, 2e-6);
        }
    }

    /** A sequence's result does not depend on what is packed with it. */
    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#backends")
    void sequencesDoNotSeeEachOther(String backend) {
        try (Twin twin = new Twin(backend, false)) {
            Pair x = twin.random(20, 8, 1);
            var b = twin.tested();
            Tensor together = b.allocate(20, 8);
            AttentionSpec both = new AttentionSpec(2, 2, 4, false, new int[] {0, 7, 20}, Dropout.NONE);
            Tensor all = x.tested();
            b.attention(
                    both,
                    new io.sparkpeft.compute.QueryKeyValue(all, all, all),
                    b.allocate(2, both.probabilitiesPerHead()),
                    together);
            Tensor alone = b.allocate(13, 8);
            AttentionSpec second = new AttentionSpec(2, 2, 4, false, new int[] {0, 13}, Dropout.NONE);
            Tensor part = b.rows(all, 7, 13);
            b.attention(
                    second,
                    new io.sparkpeft.compute.QueryKeyValue(part, part, part),
                    b.allocate(2, second.probabilitiesPerHead()),
                    alone);
            assertThat(twin.values(b.rows(together, 7, 13))).containsExactly(twin.values(alone));
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#cases")
    void ropeTurnsAndTurnsBack(String backend, boolean strided) {
        int[] positions = {0, 1, 2, 300, 4, 5, 0};
        for (int headSize : new int[] {2, 6, 16, 34, 64}) {
            try (Twin twin = new Twin(backend, strided)) {
                Pair x = twin.random(7, 3 * headSize, 1);
                float[] before = twin.values(x.tested());
                twin.run((b, t) -> b.rope(t.of(x), positions, headSize, 10000f, false));
                twin.assertAgree(x, 3e-7, 1e-6);
                twin.run((b, t) -> b.rope(t.of(x), positions, headSize, 10000f, true));
                twin.assertAgree(x, 6e-7, 1e-6);
                float[] after = twin.values(x.tested());
                for (int i = 0; i < after.length; i++) {
                    assertThat((double) Math.abs(after[i] - before[i])).isLessThan(1e-6);
                }
            }
        }
    }

    private static Dropout dropout(int rows) {
        long[] keys = new long[rows];
        for (int r = 0; r < rows; r++) {
            keys[r] = CounterRandom.mix(7, r);
        }
        return new Dropout(0.3f, 5, keys);
    }
}
