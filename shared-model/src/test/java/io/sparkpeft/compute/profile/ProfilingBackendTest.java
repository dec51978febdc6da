package io.sparkpeft.compute.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.cpu.CpuBackend;
import io.sparkpeft.compute.profile.KernelProfile.Work;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That every kernel is forwarded rightly is held by the contract tests, which run over a profiled backend too. */
class ProfilingBackendTest {
    static Stream<Method> kernels() {
        return Arrays.stream(Backend.class.getMethods()).filter(method -> !Modifier.isStatic(method.getModifiers()));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void everyKernelIsForwardedAndNoneTakesItsDefault(Method kernel) throws NoSuchMethodException {
        Class<?> declaring = ProfilingBackend.class
                .getMethod(kernel.getName(), kernel.getParameterTypes())
                .getDeclaringClass();
        assertThat(declaring).isIn(ProfilingBackend.class, ProfiledMatrices.class);
    }

    @Test
    void countsCallsOperationsAndBytes() {
        try (ProfilingBackend backend = new ProfilingBackend(BackendProvider.create("cpu"))) {
            Tensor a = backend.allocate(3, 5);
            Tensor b = backend.allocate(7, 5);
            Tensor c = backend.allocate(3, 7);
            backend.drain();
            backend.gemm(false, true, 1f, a, b, 0f, c);
            backend.gemm(false, true, 1f, a, b, 1f, c);
            backend.add(2f, a, a);
            KernelProfile profile = backend.drain();
            Work gemm = profile.of(Kernel.GEMM);
            assertThat(gemm.calls()).isEqualTo(2);
            assertThat(gemm.operations()).isEqualTo(2 * 2 * 3 * 5 * 7);
            assertThat(gemm.bytes()).isEqualTo(4 * (2 * (15 + 35 + 21) + 21));
            assertThat(profile.of(Kernel.ADD).operations()).isEqualTo(30);
            assertThat(profile.total().calls()).isEqualTo(3);
            assertThat(backend.drain()).isEqualTo(KernelProfile.NONE);
        }
    }

    /** Products are told apart by the cpu backend; the reference makes loops of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void attentionCountsThePairsThatSeeEachOther(String name) {
        try (ProfilingBackend backend = new ProfilingBackend(BackendProvider.create(name))) {
            for (boolean causal : new boolean[] {false, true}) {
                AttentionSpec spec = new AttentionSpec(2, 1, 4, causal, new int[] {0, 3, 5}, Dropout.NONE);
                Tensor probabilities = backend.allocate(2, spec.probabilitiesPerHead());
                QueryKeyValue input =
                        new QueryKeyValue(backend.allocate(5, 8), backend.allocate(5, 4), backend.allocate(5, 4));
                long pairs = 2 * (causal ? 6 + 3 : 9 + 4);
                backend.drain();
                Tensor output = backend.allocate(5, 8);
                backend.attention(spec, input, probabilities, output);
                attentionIs(
                        backend.drain(),
                        Kernel.ATTENTION,
                        new Work(8, 0, pairs * 4 * 4, 4 * (40 + 20 + 20 + 40)),
                        pairs);
                backend.attentionBackward(spec, input, probabilities, output, input);
                attentionIs(
                        backend.drain(),
                        Kernel.ATTENTION_BACKWARD,
                        new Work(16, 0, pairs * 8 * 4, 4 * (2 * 80 + 40)),
                        pairs);
            }
        }
    }

    private static void attentionIs(KernelProfile profile, Kernel kernel, Work products, long pairs) {
        Work rest = profile.of(kernel);
        Work inside = profile.of(Kernel.ATTENTION_PRODUCTS);
        assertThat(rest.calls()).isEqualTo(1);
        assertThat(rest.operations() + inside.operations()).isEqualTo(5 * pairs + products.operations());
        assertThat(rest.bytes() + inside.bytes()).isEqualTo(4 * pairs + products.bytes());
        if (inside.calls() > 0) {
            assertThat(inside.calls()).isEqualTo(products.calls());
            assertThat(inside.operations()).isEqualTo(products.operations());
            assertThat(inside.nanoseconds()).isPositive();
        }
    }

    @Test
    void cpuTellsItsProductsInsideAttentionOnlyWhileAProfileCounts() {
        try (CpuBackend cpu = new CpuBackend();
                ProfilingBackend counting = new ProfilingBackend(cpu)) {
            AttentionSpec spec = new AttentionSpec(1, 1, 4, false, new int[] {0, 3}, Dropout.NONE);
            Tensor probabilities = cpu.allocate(1, spec.probabilitiesPerHead());
            Tensor tensor = cpu.allocate(3, 4);
            QueryKeyValue input = new QueryKeyValue(tensor, tensor, tensor);
            counting.attention(spec, input, probabilities, cpu.allocate(3, 4));
            assertThat(counting.drain().of(Kernel.ATTENTION_PRODUCTS).calls()).isEqualTo(2);
            cpu.attention(spec, input, probabilities, cpu.allocate(3, 4));
            assertThat(cpu.innerProducts().begin()).isZero();
            assertThat(counting.drain()).isEqualTo(KernelProfile.NONE);
        }
    }

    @Test
    void kernelsTakeNoMoreThanTheTimeThatPassed() {
        try (ProfilingBackend backend = new ProfilingBackend(BackendProvider.create("cpu"))) {
            Tensor a = backend.allocate(64, 64);
            Tensor c = backend.allocate(64, 64);
            backend.drain();
            long began = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                backend.gemm(false, false, 1f, a, a, 0f, c);
                backend.fill(c, 1f);
                ProfilingBackend.count(backend, Kernel.OPTIMIZER, 10, () -> backend.add(1f, a, c));
            }
            long passed = System.nanoTime() - began;
            KernelProfile profile = backend.drain();
            long outer = profile.total().nanoseconds() - profile.of(Kernel.ADD).nanoseconds();
            assertThat(outer).isPositive().isLessThanOrEqualTo(passed);
            assertThat(profile.of(Kernel.OPTIMIZER).calls()).isEqualTo(100);
            assertThat(profile.share(Kernel.GEMM)).isBetween(0.0, 1.0);
        }
    }

    @Test
    void addingIsCommutativeAndAssociative() {
        KernelProfile a = KernelProfile.NONE.plus(Kernel.GEMM, new Work(1, 20, 300, 4));
        KernelProfile b =
                KernelProfile.NONE.plus(Kernel.GEMM, new Work(5, 6, 7, 8)).plus(Kernel.ADD, Work.NONE);
        KernelProfile c = KernelProfile.NONE.plus(Kernel.FILL, new Work(9, 10, 0, 12));
        assertThat(a.plus(b).plus(c)).isEqualTo(c.plus(b.plus(a)));
        assertThat(a.plus(b).of(Kernel.GEMM)).isEqualTo(new Work(6, 26, 307, 12));
        assertThat(a.plus(KernelProfile.NONE)).isEqualTo(a);
    }

    @Test
    void countingMakesNoGarbage() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Backend plain = BackendProvider.create("cpu");
                ProfilingBackend counting = new ProfilingBackend(BackendProvider.create("cpu"))) {
            Tensor a = plain.allocate(4, 4);
            Tensor b = counting.allocate(4, 4);
            long without = allocated(threads, plain, a);
            long with = allocated(threads, counting, b);
            // One object of 16 bytes a call would be 160,000.
            assertThat(with - without).isLessThan(100_000);
        }
    }

    private static long allocated(com.sun.management.ThreadMXBean threads, Backend backend, Tensor tensor) {
        long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int pass = 0; pass < 20; pass++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 10_000; i++) {
                backend.fill(tensor, i);
                backend.add(1f, tensor, tensor);
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }
        return least;
    }
}
