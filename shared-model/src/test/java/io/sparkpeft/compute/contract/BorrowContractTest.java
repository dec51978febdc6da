package io.sparkpeft.compute.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.random.CounterRandom;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A tensor of one backend, read by others. */
class BorrowContractTest {
    private static final int ROWS = 40;
    private static final int COLUMNS = 64;
    private static final int THREADS = 4;

    private static float[] uniform(long key, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (2 * CounterRandom.uniform(key, i) - 1);
        }
        return values;
    }

    private static Tensor uploaded(Backend backend, long key, int rows, int columns) {
        Tensor tensor = backend.allocate(rows, columns);
        backend.upload(uniform(key, rows * columns), 0, tensor);
        return tensor;
    }

    private static float[] downloaded(Backend backend, Tensor tensor) {
        float[] values = new float[tensor.size()];
        backend.download(tensor, values, 0);
        return values;
    }

    private static Tensor some(Backend backend, Tensor tensor, int part) {
        return backend.rows(tensor, part, tensor.rows() - THREADS);
    }

    /** Another part of the tensor for every thread, as left factor, as right factor, looked up and element-wise. */
    private static float[] work(Backend backend, Tensor weights, int thread) {
        Tensor mine = some(backend, weights, thread);
        Tensor input = uploaded(backend, 100 + thread, 8, COLUMNS);
        Tensor product = backend.allocate(8, mine.rows());
        Tensor turned = backend.allocate(mine.rows(), 8);
        Tensor looked = backend.allocate(3, COLUMNS);
        for (int i = 0; i < 50; i++) {
            backend.gemm(false, true, 1f, input, mine, 0f, product);
            backend.gemm(false, true, 1f, mine, input, 0f, turned);
            backend.gatherRows(mine, new int[] {thread, 1, 30}, looked);
            backend.addGatheredRows(mine, new int[] {2, thread, 9}, looked);
            backend.activate(Activation.GELU, backend.rows(mine, 0, 3), looked);
        }
        float[] all = new float[product.size() + turned.size() + looked.size()];
        backend.download(product, all, 0);
        backend.download(turned, all, product.size());
        backend.download(looked, all, product.size() + turned.size());
        return all;
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#backends")
    void threadsThatReadOneTensorFindWhatEachWouldFindAlone(String name) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (Backend lender = BackendProvider.create(name)) {
            Tensor lent = uploaded(lender, 1, ROWS, COLUMNS);
            CountDownLatch ready = new CountDownLatch(THREADS);
            List<Future<float[]>> found = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int thread = t;
                Callable<float[]> task = () -> {
                    try (Backend own = BackendProvider.create(name)) {
                        Tensor view = own.borrow(lent);
                        ready.countDown();
                        ready.await();
                        return work(own, view, thread);
                    }
                };
                found.add(threads.submit(task));
            }
            for (int t = 0; t < THREADS; t++) {
                try (Backend alone = BackendProvider.create(name)) {
                    Tensor own = uploaded(alone, 1, ROWS, COLUMNS);
                    assertThat(found.get(t).get()).isEqualTo(work(alone, own, t));
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.compute.contract.backend.Twin#backends")
    void aViewIsGivenBackAlone(String name) {
        try (Backend lender = BackendProvider.create(name)) {
            Tensor lent = uploaded(lender, 1, ROWS, COLUMNS);
            float[] before = downloaded(lender, lent);
            try (Backend borrower = BackendProvider.create(name)) {
                Tensor view = borrower.borrow(lent);
                assertThat(downloaded(borrower, view)).isEqualTo(before);
                borrower.free(view);
                assertThat(downloaded(lender, lent)).isEqualTo(before);
                borrower.borrow(lent);
            }
            assertThat(downloaded(lender, lent)).isEqualTo(before);
        }
    }

    @Test
    void aViewThatWasGivenBackIsNotRead() {
        try (Backend lender = BackendProvider.create("cpu");
                Backend borrower = BackendProvider.create("cpu")) {
            Tensor view = borrower.borrow(uploaded(lender, 1, ROWS, COLUMNS));
            Tensor input = borrower.allocate(1, COLUMNS);
            Tensor output = borrower.allocate(1, ROWS);
            borrower.free(view);
            assertThatThrownBy(() -> borrower.gemm(false, true, 1f, input, view, 0f, output))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> downloaded(borrower, view)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    /** Every way in which a kernel writes. */
    private static Map<String, BiConsumer<Backend, Tensor>> writes() {
        Map<String, BiConsumer<Backend, Tensor>> writes = new LinkedHashMap<>();
        writes.put("upload", (b, t) -> b.upload(new float[ROWS * COLUMNS], 0, t));
        writes.put("fill", (b, t) -> b.fill(t, 3f));
        writes.put("copy", (b, t) -> b.copy(uploaded(b, 2, ROWS, COLUMNS), t));
        writes.put("add", (b, t) -> b.add(1f, uploaded(b, 2, ROWS, COLUMNS), t));
        writes.put(
                "gemm", (b, t) -> b.gemm(false, false, 1f, uploaded(b, 2, ROWS, 8), uploaded(b, 3, 8, COLUMNS), 1f, t));
        writes.put("fillRows", (b, t) -> b.fillRows(uploaded(b, 2, 1, COLUMNS), t));
        writes.put("addBias", (b, t) -> b.addBias(uploaded(b, 2, 1, COLUMNS), t, t));
        writes.put("sumRows", (b, t) -> b.sumRows(uploaded(b, 2, 5, COLUMNS), b.rows(t, 0, 1)));
        writes.put("activate", (b, t) -> b.activate(Activation.GELU, t, t));
        writes.put("multiply", (b, t) -> b.multiply(uploaded(b, 2, ROWS, COLUMNS), t));
        writes.put("dropout", (b, t) -> b.dropout(new Dropout(0.5f, 1, new long[ROWS]), t));
        writes.put("rope", (b, t) -> b.rope(t, new int[ROWS], 8, 100f, false));
        writes.put("gatherRows", (b, t) -> b.gatherRows(uploaded(b, 2, 3, COLUMNS), new int[ROWS], t));
        writes.put("scatterAddRows", (b, t) -> b.scatterAddRows(uploaded(b, 2, 2, COLUMNS), new int[] {1, 2}, t));
        writes.put("softmax", (b, t) -> b.softmax(t, t));
        writes.put("scatter", (b, t) -> b.scatter(new float[] {1f, 2f}, 0, new int[] {5, 70}, t));
        writes.put("addSquares", (b, t) -> b.addSquares(uploaded(b, 2, ROWS, COLUMNS), t));
        writes.put(
                "addSquaredProducts",
                (b, t) -> b.addSquaredProducts(
                        uploaded(b, 2, 6, ROWS), uploaded(b, 3, 6, COLUMNS), new int[] {0, 2, 6}, t));
        return writes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "cpu-plain", "cpu-profiled", "reference"})
    void noKernelWritesToABorrowedTensor(String name) {
        try (Backend lender = BackendProvider.create(name);
                Backend borrower = BackendProvider.create(name)) {
            Tensor lent = uploaded(lender, 1, ROWS, COLUMNS);
            float[] before = downloaded(lender, lent);
            Tensor view = borrower.borrow(lent);
            writes().forEach((kernel, write) -> {
                assertThatThrownBy(() -> write.accept(borrower, view))
                        .as(kernel)
                        .isInstanceOf(ReadOnlyBufferException.class);
                write.accept(borrower, uploaded(borrower, 9, ROWS, COLUMNS));
            });
            assertThat(downloaded(lender, lent)).isEqualTo(before);
        }
    }
}
