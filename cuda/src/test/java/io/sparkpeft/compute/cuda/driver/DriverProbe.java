package io.sparkpeft.compute.cuda.driver;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Precision;
import java.util.Optional;

/** Makes a backend on a GPU, multiplies, and prints what came of it. */
final class DriverProbe {
    private static final int SIZE = 3;
    private static final int LONG = 6 << 20;

    private DriverProbe() {}

    public static void main(String[] arguments) {
        Optional<String> gpu = Optional.of(arguments[0]).filter(address -> !address.isEmpty());
        int rows = Integer.parseInt(arguments[2]);
        BackendProvider provider = BackendProvider.named("cuda");
        try {
            System.out.println("missing: " + provider.missing().orElse("nothing"));
            System.out.println("description: " + provider.description());
            try (Backend backend = provider.create(gpu, Precision.valueOf(arguments[1]))) {
                System.out.println("product: " + product(backend));
                System.out.println("end of a long row: " + longRow(backend));
                backend.allocate(rows, 1 << 20);
                System.out.println("allocated");
            }
        } catch (RuntimeException e) {
            System.out.println("error: " + e.getMessage());
        }
    }

    /** The last of as many floats as are more than the longest pitch that the stand-ins are told to allow. */
    private static float longRow(Backend backend) {
        float[] values = new float[LONG];
        values[LONG - 1] = 7f;
        Tensor row = backend.allocate(1, LONG);
        backend.upload(values, 0, row);
        backend.download(row, values, 0);
        return values[LONG - 1];
    }

    /** 1·1 + 2·2 + 3·0.7, of which 0.7 is no short number. */
    private static float product(Backend backend) {
        Tensor left = backend.allocate(1, SIZE);
        Tensor right = backend.allocate(SIZE, 1);
        backend.upload(new float[] {1f, 2f, 3f}, 0, left);
        backend.upload(new float[] {1f, 2f, 0.7f}, 0, right);
        Tensor product = backend.allocate(1, 1);
        backend.gemm(false, false, 1f, left, right, 0f, product);
        float[] found = new float[1];
        backend.download(product, found, 0);
        return found[0];
    }
}
