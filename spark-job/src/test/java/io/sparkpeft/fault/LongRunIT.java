package io.sparkpeft.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.sparkpeft.SmallWorld;
import io.sparkpeft.run.RoundReport;
import io.sparkpeft.spark.OwnSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.BlockId;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.runtime.AbstractFunction1;

/** Five hundred rounds leave nothing behind in a process that is driver and executor at once. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class LongRunIT {
    private static final int ROUNDS = 500;
    private static final int EARLY = 100;
    private static final double MEBIBYTE = 1 << 20;

    /**
     * What a process holds.
     *
     * @param heap bytes of live objects
     * @param offHeap bytes of tensors
     * @param resident bytes of memory
     * @param threads alive
     * @param files open
     * @param blocks of Spark, broadcasts among them
     */
    private record Held(long heap, long offHeap, long resident, int threads, long files, int blocks) {
        static Held now() {
            for (int i = 0; i < 3; i++) {
                System.gc();
            }
            return new Held(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    Pointer.totalBytes(),
                    residentBytes(),
                    ManagementFactory.getThreadMXBean().getThreadCount(),
                    ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                            .getOpenFileDescriptorCount(),
                    countBlocks());
        }

        private static int countBlocks() {
            return SparkEnv.get()
                    .blockManager()
                    .getMatchingBlockIds(new AbstractFunction1<BlockId, Object>() {
                        @Override
                        public Object apply(BlockId id) {
                            return true;
                        }
                    })
                    .size();
        }

        private static long residentBytes() {
            try {
                return Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D+", "")))
                        .findFirst()
                        .orElseThrow();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String toString() {
            return "heap %.1f MiB, tensors %.1f MiB, resident %.0f MiB, %d threads, %d open files, %d blocks"
                    .formatted(heap / MEBIBYTE, offHeap / MEBIBYTE, resident / MEBIBYTE, threads, files, blocks);
        }
    }

    @Test
    void nothingGrows() {
        FaultWorld world = FaultWorld.shared();
        List<Held> held = new ArrayList<>();
        SmallWorld.Record record = new SmallWorld.Record() {
            @Override
            public void round(RoundReport report) {
                super.round(report);
                if (report.round() == EARLY || report.round() == ROUNDS) {
                    held.add(Held.now());
                }
            }
        };
        try (OwnSession own = OwnSession.of(SmallWorld.session("local[2]"))) {
            SparkSession spark = own.session();
            FaultWorld.run(
                    spark,
                    world.recipe("long", "train.steps=" + ROUNDS, "train.local-steps=1", "train.learning-rate=1e-4"),
                    record);
        }
        Held early = held.get(0);
        Held late = held.get(1);
        System.out.printf("fault: %d rounds: after %d %s; after %d %s%n", ROUNDS, EARLY, early, ROUNDS, late);
        assertThat(record.rounds).hasSize(ROUNDS);
        // The lines of metrics.jsonl, and what Spark remembers of jobs and stages, up to its own limits.
        assertThat(late.heap() - early.heap()).isLessThan(24L << 20);
        assertThat(late.offHeap()).isEqualTo(early.offHeap());
        assertThat(late.resident() - early.resident()).isLessThan(256L << 20);
        assertThat(late.threads() - early.threads()).isLessThan(20);
        assertThat(late.files() - early.files()).isLessThan(20);
        // Spark removes the blocks of finished tasks in the background.
        assertThat(late.blocks()).isLessThan(early.blocks() + 50);
    }
}
