package io.sparkpeft.compute.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Same arguments, same bits: in one thread, again, and in several at once. */
class DeterminismContractTest {
    private static final int ROWS = 70;
    private static final int WIDTH = 48;

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#backends")
    void threadsDoNotChangeBits(String backend) throws Exception {
        float[] alone = compute(backend);
        assertThat(compute(backend)).containsExactly(alone);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Callable<float[]>> tasks = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                tasks.add(() -> compute(backend));
            }
            for (Future<float[]> result : threads.invokeAll(tasks)) {
                assertThat(result.get()).containsExactly(alone);
            }
        } finally {
            threads.shutdown();
        }
    }

    /** A small layer forward and backward, with everything that could depend on order. */
    private static float[] compute(String name) {
        try (Backend b = BackendProvider.create(name)) {
            Tensor x = random(b, ROWS, 3 * WIDTH, 1);
            Tensor weight = random(b, WIDTH, WIDTH, 2);
            Tensor bias = random(b, 1, WIDTH, 3);
            Tensor statistics = b.allocate(ROWS, 2);
            Tensor hidden = b.allocate(ROWS, WIDTH);
            Tensor normed = b.allocate(ROWS, WIDTH);
            Tensor gradients = b.allocate(ROWS, 3 * WIDTH);
            long[] keys = new long[ROWS];
            for (int r = 0; r < ROWS; r++) {
                keys[r] = CounterRandom.mix(9, r);
            }
            AttentionSpec spec = new AttentionSpec(3, 3, 16, true, new int[] {0, 31, ROWS}, new Dropout(0.2f, 1, keys));
            Tensor probabilities = b.allocate(3, spec.probabilitiesPerHead());
            b.attention(spec, split(b, x), probabilities, hidden);
            b.gemm(false, true, 1f, hidden, weight, 0f, normed);
            b.layerNorm(normed, bias, bias, 1e-5f, statistics, hidden);
            b.activate(Activation.GELU, hidden, hidden);
            b.attentionBackward(spec, split(b, x), probabilities, hidden, split(b, gradients));
            Tensor sums = b.allocate(1, 3 * WIDTH);
            b.sumRows(gradients, sums);
            int[] labels = new int[ROWS];
            float[] losses = new float[ROWS];
            b.crossEntropy(hidden, labels, losses);
            float[] result = new float[gradients.size() + sums.size() + ROWS];
            b.download(gradients, result, 0);
            b.download(sums, result, gradients.size());
            System.arraycopy(losses, 0, result, gradients.size() + sums.size(), ROWS);
            return result;
        }
    }

    private static QueryKeyValue split(Backend b, Tensor joined) {
        return new QueryKeyValue(
                b.columns(joined, 0, WIDTH), b.columns(joined, WIDTH, WIDTH), b.columns(joined, 2 * WIDTH, WIDTH));
    }

    private static Tensor random(Backend b, int rows, int columns, long key) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) CounterRandom.normal(key, i);
        }
        Tensor tensor = b.allocate(rows, columns);
        b.upload(values, 0, tensor);
        return tensor;
    }
}
