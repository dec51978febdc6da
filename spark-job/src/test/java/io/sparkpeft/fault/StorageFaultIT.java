package io.sparkpeft.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.SmallWorld;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.fault.disk.DiskFault;
import io.sparkpeft.fault.disk.DiskFaults;
import io.sparkpeft.fault.disk.FaultyFileSystem;
import io.sparkpeft.fault.watch.LogLines;
import io.sparkpeft.run.RoundReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Storage that is full, damaged, throttled, late or slow. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class StorageFaultIT {
    private static final int MOST_STARTS = 60;

    private static FaultWorld world;
    private static SparkSession spark;

    @BeforeAll
    static void start() {
        world = FaultWorld.shared();
        spark = SmallWorld.session("local[2,4]");
        FaultyFileSystem.register(spark.sparkContext().hadoopConfiguration());
    }

    @AfterEach
    void clear() {
        DiskFault.inject(DiskFault.NONE);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** Starts a run until it is done, as a scheduler does that is told 75; tells how many starts that took. */
    private static int startUntilDone(Recipe recipe, SmallWorld.Record record) {
        String last = "";
        for (int start = 1; start <= MOST_STARTS; start++) {
            try {
                FaultWorld.run(spark, recipe, record);
                return start;
            } catch (DiskFaults.Death e) {
                continue;
            } catch (JobException e) {
                assertThat(e.kind()).as(e.getMessage()).isEqualTo(FailureKind.RETRYABLE);
                last = e.getMessage();
            } catch (DatasetException e) {
                assertThat(e.kind()).as(e.getMessage()).isEqualTo(DatasetException.Kind.STORAGE);
                last = e.getMessage();
            }
        }
        throw new AssertionError("the run did not end: " + last);
    }

    private static SmallWorld.Record stopAfter(int round) {
        return new SmallWorld.Record() {
            @Override
            public void round(RoundReport report) {
                super.round(report);
                if (report.round() > round) {
                    throw new IllegalStateException("the driver dies");
                }
            }
        };
    }

    private enum Damage {
        CORRUPT,
        TRUNCATED,
        OF_ANOTHER_RECIPE
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void theNewestCheckpointIsPassedOverIfItIsDamagedOrForeign(Damage damage) throws IOException {
        String run = "checkpoint-" + damage;
        assertThatThrownBy(() -> FaultWorld.run(spark, world.recipe(run), stopAfter(2)))
                .hasMessage("the driver dies");
        damage(world.run(run).resolve("checkpoints/0000000002-000001"), damage);

        SmallWorld.Record record = new SmallWorld.Record();
        String warning;
        try (LogLines log = new LogLines()) {
            FaultWorld.run(spark, world.recipe(run), record);
            warning = log.lines().stream()
                    .filter(line -> line.contains("Passed over checkpoint 0000000002-000001: "))
                    .findFirst()
                    .orElseThrow();
        }
        assertThat(record.rounds).extracting(RoundReport::round).containsExactly(2, 3, 4);
        world.assertSameBits(run, record);
        world.tell("checkpoint 2 was %s, the run went on from 1 (%s)", damage, warning.replaceAll("file:\\S*/", ""));
    }

    private static void damage(Path checkpoint, Damage damage) throws IOException {
        Path values = checkpoint.resolve("values.bin");
        Path manifest = checkpoint.resolve("manifest.json");
        byte[] bytes = Files.readAllBytes(values);
        switch (damage) {
            case CORRUPT -> {
                bytes[bytes.length / 2] ^= 1;
                Files.write(values, bytes);
            }
            case TRUNCATED -> Files.write(values, java.util.Arrays.copyOf(bytes, bytes.length / 2));
            case OF_ANOTHER_RECIPE ->
                Files.writeString(
                        manifest,
                        Files.readString(manifest).replaceAll("\"configHash\" : \"..", "\"configHash\" : \"zz"));
        }
    }

    @Test
    void theKernelSaysThatTheDiskIsFull() throws IOException {
        Path full = world.run("full").resolve("checkpoints/0000000002-000001/values.bin");
        SmallWorld.Record record = new SmallWorld.Record() {
            @Override
            public void round(RoundReport report) {
                super.round(report);
                try {
                    Files.createDirectories(full.getParent());
                    Files.deleteIfExists(full);
                    // Whatever is written there, Linux answers with ENOSPC.
                    Files.createSymbolicLink(full, Path.of("/dev/full"));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        };
        assertThatThrownBy(() -> FaultWorld.run(spark, world.recipe("full"), record))
                .isInstanceOfSatisfying(
                        JobException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.RETRYABLE))
                .hasMessage("Cannot write file:%s: No space left on device".formatted(full));
        Files.delete(full);

        SmallWorld.Record resumed = new SmallWorld.Record();
        FaultWorld.run(spark, world.recipe("full"), resumed);
        assertThat(resumed.rounds).extracting(RoundReport::round).containsExactly(2, 3, 4);
        world.assertSameBits("full", resumed);
        world.tell(
                "the disk (/dev/full) was full at checkpoint 2: exit 75, went on after round 1 when there was space");
    }

    @Test
    void theDiskIsFullAgainAndAgain() {
        DiskFaults.Full fault = new DiskFaults.Full(20_000);
        DiskFault.inject(fault);
        SmallWorld.Record record = new SmallWorld.Record();
        int starts = startUntilDone(world.allOnFaultyDisk("full-often"), record);
        assertThat(fault.count()).isPositive();
        world.assertSameBits("full-often", record);
        world.tell("%d writes broke off in their middle with a full disk, %d starts", fault.count(), starts);
    }

    @Test
    void everyKindOfFileIsLeftHalfRenamedOnce() {
        DiskFaults.HalfRename fault = new DiskFaults.HalfRename();
        DiskFault.inject(fault);
        SmallWorld.Record record = new SmallWorld.Record();
        int starts = startUntilDone(world.onFaultyDisk("half"), record);
        assertThat(fault.names()).contains("metrics.jsonl", "recipe.conf", "manifest.json", "adapter.delta");
        world.assertSameBits("half", record);
        world.tell(
                "a file system without atomic rename left %d kinds of files half renamed when the driver died, %d starts",
                fault.names().size(), starts);
    }

    @Test
    void filesAreSeenLateThrottledAndCutOff() {
        for (DiskFaults.Counting fault : List.of(
                new DiskFaults.Late(), new DiskFaults.Throttled(7), new DiskFaults.CutOff(5), new DiskFaults.Slow())) {
            DiskFault.inject(fault);
            SmallWorld.Record record = new SmallWorld.Record();
            String run = fault.getClass().getSimpleName();
            int starts = startUntilDone(world.allOnFaultyDisk(run), record);
            assertThat(fault.count()).isPositive();
            assertThat(record.rounds).hasSizeLessThan(FaultWorld.ROUNDS + starts);
            world.assertSameBits(run, record);
            world.tell("%s, %d times, %d starts", fault.what(), fault.count(), starts);
        }
    }

    @Test
    void theClockOfTheFileServerJumps() {
        DiskFaults.Jumping fault = new DiskFaults.Jumping();
        DiskFault.inject(fault);
        assertThatThrownBy(() -> FaultWorld.run(spark, world.allOnFaultyDisk("jumping"), stopAfter(2)))
                .hasMessage("the driver dies");
        SmallWorld.Record record = new SmallWorld.Record();
        FaultWorld.run(spark, world.allOnFaultyDisk("jumping"), record);
        assertThat(fault.count()).isPositive();
        assertThat(record.rounds).extracting(RoundReport::round).containsExactly(3, 4);
        world.assertSameBits("jumping", record);
        world.tell("%s, %d times, and the run went on after its driver died", fault.what(), fault.count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "faulty"})
    void anInterruptedRunGoesOnInAnotherPlaceAndOnAnotherFileSystem(String scheme) throws IOException {
        String run = "moved-from-" + scheme;
        String moved = "moved-to-" + scheme;
        assertThatThrownBy(() -> FaultWorld.run(spark, world.recipe(run), stopAfter(2)))
                .hasMessage("the driver dies");
        Files.move(world.run(run), world.run(moved));

        SmallWorld.Record record = new SmallWorld.Record();
        FaultWorld.run(spark, scheme.equals("file") ? world.recipe(moved) : world.onFaultyDisk(moved), record);

        assertThat(record.rounds).extracting(RoundReport::round).containsExactly(3, 4);
        assertThat(record.sentences).noneMatch(sentence -> sentence.contains("choosing the weights"));
        assertThat(world.run(run)).doesNotExist();
        world.assertSameBits(moved, record);
        world.tell(
                "a run that was interrupted in round 3 was moved to %s and went on there with round 3",
                scheme.equals("file") ? "another directory" : "another file system");
    }
}
