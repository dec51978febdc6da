package io.sparkpeft.kernel;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.profile.KernelProfile;
import io.sparkpeft.compute.profile.ProfilingBackend;
import java.util.function.Consumer;

/** What kernel benchmarks share: a backend, tensors of normal values, and what a kernel must do. */
final class Bench implements AutoCloseable {
    private final Backend backend;
    private final ProfilingBackend counting;

    Bench(String name) {
        this.backend = BackendProvider.create(name);
        this.counting = new ProfilingBackend(backend);
    }

    Backend backend() {
        return backend;
    }

    Tensor random(int rows, int columns) {
        Tensor tensor = backend.allocate(rows, columns);
        backend.upload(values(tensor.size(), rows), 0, tensor);
        return tensor;
    }

    static float[] values(int count, long seed) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) CounterRandom.normal(seed, i);
        }
        return values;
    }

    /** Ascending indices, {@code count} of {@code size}, evenly spread but for a random part. */
    static int[] indices(int count, int size) {
        int[] indices = new int[count];
        int stride = size / count;
        for (int i = 0; i < count; i++) {
            indices[i] = i * stride + (int) (CounterRandom.uniform(5, i) * stride);
        }
        return indices;
    }

    /** Operations and bytes of what a call does, as a profile counts them. */
    KernelProfile.Work work(Consumer<Backend> call) {
        counting.drain();
        call.accept(counting);
        return counting.drain().total();
    }

    @Override
    public void close() {
        counting.close();
    }
}
