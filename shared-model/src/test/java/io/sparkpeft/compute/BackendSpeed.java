package io.sparkpeft.compute;

import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.random.CounterRandom;
import java.util.Locale;

/**
 * Prints how long kernels take: the best of many runs, which other load disturbs least. Start with the name of a
 * backend.
 */
public final class BackendSpeed {
    private static final int ROWS = 1024;
    private static final int COLUMNS = 256;
    private static final long NANOSECONDS = Long.getLong("seconds", 2) * 1_000_000_000L;

    private final Backend backend;
    private final float[] values = new float[1 << 22];

    private BackendSpeed(Backend backend) {
        this.backend = backend;
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) CounterRandom.normal(1, i);
        }
    }

    public static void main(String[] arguments) {
        try (Backend backend = BackendProvider.create(arguments.length > 0 ? arguments[0] : "cpu")) {
            BackendSpeed speed = new BackendSpeed(backend);
            speed.products();
            speed.elementwise();
            speed.norms();
            speed.losses();
            speed.attention(Dropout.NONE, "");
            long[] keys = new long[ROWS];
            for (int r = 0; r < ROWS; r++) {
                keys[r] = CounterRandom.mix(3, r);
            }
            speed.attention(new Dropout(0.1f, 1, keys), ", dropout");
            Tensor x = speed.random(ROWS, COLUMNS);
            speed.report("dropout", () -> backend.dropout(new Dropout(0.1f, 1, keys), x));
        }
    }

    private void products() {
        int[][] shapes = {{512, 512, 512}, {1024, 256, 256}, {1024, 1024, 256}, {64, 64, 64}};
        for (int[] s : shapes) {
            Tensor a = random(s[0], s[2]);
            Tensor b = random(s[1], s[2]);
            Tensor c = random(s[0], s[1]);
            double seconds = best(() -> backend.gemm(false, true, 1f, a, b, 0f, c));
            System.out.printf(
                    Locale.ROOT,
                    "gemm %dx%dx%d: %.1f us, %.1f GFLOP/s%n",
                    s[0],
                    s[1],
                    s[2],
                    seconds * 1e6,
                    2e-9 * s[0] * s[1] * s[2] / seconds);
        }
    }

    private void elementwise() {
        Tensor x = random(ROWS, COLUMNS);
        Tensor y = random(ROWS, COLUMNS);
        Tensor z = random(ROWS, COLUMNS);
        Tensor row = random(1, COLUMNS);
        for (Activation activation : Activation.values()) {
            report(activation + "", () -> backend.activate(activation, x, y));
            report(activation + " backward", () -> backend.activateBackward(activation, x, y, z));
        }
        report("gatedSilu", () -> backend.gatedSilu(x, y, z));
        report("add", () -> backend.add(1e-9f, x, y));
        report("addBias", () -> backend.addBias(row, y, y));
        report("sumRows", () -> backend.sumRows(x, row));
        report("addSquares", () -> backend.addSquares(x, z));
        report("copy", () -> backend.copy(x, y));
        float[] target = new float[ROWS * COLUMNS];
        report("addAll", () -> backend.addAll(x, target, 0));
    }

    private void norms() {
        Tensor x = random(ROWS, COLUMNS);
        Tensor y = random(ROWS, COLUMNS);
        Tensor z = random(ROWS, COLUMNS);
        Tensor row = random(1, COLUMNS);
        Tensor bias = random(1, COLUMNS);
        Tensor two = random(ROWS, 2);
        Tensor one = random(ROWS, 1);
        report("layerNorm", () -> backend.layerNorm(x, row, bias, 1e-5f, two, y));
        report("layerNormBackward", () -> backend.layerNormBackward(x, row, two, y, z));
        report("layerNormWeightGradient", () -> backend.layerNormWeightGradient(x, two, y, bias));
        report("rmsNorm", () -> backend.rmsNorm(x, row, 1e-5f, one, y));
        report("rmsNormBackward", () -> backend.rmsNormBackward(x, row, one, y, z));
        int[] positions = new int[ROWS];
        for (int r = 0; r < ROWS; r++) {
            positions[r] = r % 64;
        }
        report("rope", () -> backend.rope(x, positions, 64, 10000f, false));
    }

    private void losses() {
        Tensor x = random(ROWS, COLUMNS);
        Tensor y = random(ROWS, COLUMNS);
        report("softmax", () -> backend.softmax(x, y));
        Tensor logits = random(400, 8000);
        Tensor gradient = backend.allocate(400, 8000);
        int[] labels = new int[400];
        float[] scale = new float[400];
        float[] losses = new float[400];
        report("crossEntropy [400, 8000]", () -> backend.crossEntropy(logits, labels, scale, losses, gradient));
    }

    private void attention(Dropout dropout, String note) {
        int[] offsets = new int[17];
        for (int s = 0; s <= 16; s++) {
            offsets[s] = 64 * s;
        }
        for (boolean causal : new boolean[] {false, true}) {
            AttentionSpec spec = new AttentionSpec(4, 4, 64, causal, offsets, dropout);
            Tensor joined = random(ROWS, 3 * COLUMNS);
            Tensor gradients = random(ROWS, 3 * COLUMNS);
            Tensor output = random(ROWS, COLUMNS);
            Tensor outputGradient = random(ROWS, COLUMNS);
            Tensor probabilities = backend.allocate(4, spec.probabilitiesPerHead());
            QueryKeyValue input = split(joined);
            QueryKeyValue results = split(gradients);
            String name = (causal ? "causal attention" : "attention") + note;
            report(name, () -> backend.attention(spec, input, probabilities, output));
            report(
                    name + " backward",
                    () -> backend.attentionBackward(spec, input, probabilities, outputGradient, results));
        }
    }

    private QueryKeyValue split(Tensor joined) {
        return new QueryKeyValue(
                backend.columns(joined, 0, COLUMNS),
                backend.columns(joined, COLUMNS, COLUMNS),
                backend.columns(joined, 2 * COLUMNS, COLUMNS));
    }

    private Tensor random(int rows, int columns) {
        Tensor tensor = backend.allocate(rows, columns);
        backend.upload(values, 0, tensor);
        return tensor;
    }

    private void report(String name, Runnable kernel) {
        long start = System.nanoTime();
        kernel.run();
        double first = (System.nanoTime() - start) * 1e-6;
        System.out.printf(Locale.ROOT, "%s: %.3f ms (first call %.1f ms)%n", name, best(kernel) * 1e3, first);
    }

    /** Seconds of the fastest run within some seconds, in which the JIT compiler finishes too. */
    private static double best(Runnable kernel) {
        long end = System.nanoTime() + NANOSECONDS;
        long best = Long.MAX_VALUE;
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            kernel.run();
            best = Math.min(best, System.nanoTime() - start);
        }
        return best * 1e-9;
    }
}
