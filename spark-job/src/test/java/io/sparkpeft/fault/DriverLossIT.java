package io.sparkpeft.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.SmallWorld;
import io.sparkpeft.fault.cluster.SkewedClock;
import io.sparkpeft.fault.disk.FaultyDriver;
import io.sparkpeft.fault.disk.FaultyFileSystem;
import io.sparkpeft.fault.watch.Awaiting;
import io.sparkpeft.fault.watch.ChildDriver;
import io.sparkpeft.param.Fingerprint;
import io.sparkpeft.run.RoundReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Drivers, processes of their own, that die or are taken for dead. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DriverLossIT {
    private static final int HOURS = 7;

    private static FaultWorld world;
    private static SparkSession spark;

    @BeforeAll
    static void start() {
        world = FaultWorld.shared();
        spark = SmallWorld.session("local[2,4]");
        FaultyFileSystem.register(spark.sparkContext().hadoopConfiguration());
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void aDriverIsKilledBetweenTheDataAndTheManifestOfACheckpoint() throws Exception {
        ChildDriver driver = ChildDriver.fineTune(
                world, "killed-driver", FaultyDriver.Event.DIE, "checkpoints/0000000002-000001/.manifest.json");
        assertThat(driver.exitCode()).as(driver.text()).isEqualTo(137);
        Path unfinished = world.run("killed-driver").resolve("checkpoints/0000000002-000001");
        assertThat(unfinished.resolve("values.bin")).exists();
        assertThat(unfinished.resolve("manifest.json")).doesNotExist();

        SmallWorld.Record record = new SmallWorld.Record();
        FaultWorld.run(spark, world.onFaultyDisk("killed-driver"), record);

        assertThat(record.rounds).extracting(RoundReport::round).containsExactly(2, 3, 4);
        world.assertSameBits("killed-driver", record);
        world.tell(
                "the driver died of SIGKILL between data and manifest of checkpoint 2, the next went on after round 1");
    }

    /** Who is the newer is told by numbers, so the older stops though its clock is hours ahead. */
    @Test
    void aDriverThatWasTakenForDeadStopsWhenItComesBack() throws Exception {
        boolean skewed = SkewedClock.isPossible();
        ChildDriver older = ChildDriver.fineTune(
                world,
                "twins",
                FaultyDriver.Event.WAIT,
                "checkpoints/0000000002-000001/.manifest.json",
                skewed ? new SkewedClock(HOURS).environment() : Map.of());
        Path signals = world.file("twins-signals");
        Awaiting.until(
                "the older driver to stand still",
                () -> Files.exists(signals.resolve("waiting"))
                        || !older.process().isAlive());

        long ahead = TimeUnit.MILLISECONDS.toMinutes(
                Long.parseLong(Files.readString(signals.resolve("waiting"))) - System.currentTimeMillis());
        assertThat(ahead).as("minutes that the older is ahead").isBetween(skewed ? 60L * HOURS - 5 : -5, 60L * HOURS);

        SmallWorld.Record record = new SmallWorld.Record();
        FaultWorld.run(spark, world.onFaultyDisk("twins"), record);
        Map<String, String> before = files(world.run("twins"));
        Files.writeString(signals.resolve("go-on"), "");

        assertThat(older.exitCode()).as(older.text()).isEqualTo(75);
        assertThat(older.text()).contains("another driver has taken it over (driver 2: local-");
        assertThat(record.rounds).extracting(RoundReport::round).containsExactly(2, 3, 4);
        Map<String, String> after = files(world.run("twins"));
        // It stood inside the writing of a checkpoint that nobody reads any more, and may finish that file alone.
        after.keySet().removeIf(name -> name.startsWith("checkpoints/0000000002-000001/"));
        before.keySet().removeIf(name -> name.startsWith("checkpoints/0000000002-000001/"));
        assertThat(after).isEqualTo(before);
        world.assertSameBits("twins", record);
        world.tell(
                "a driver, its clock %d minutes ahead, that stood still in round 2 while another finished its run came back, stopped with 75",
                ahead);
    }

    private static Map<String, String> files(Path directory) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(
                        directory.relativize(path).toString(),
                        new Fingerprint().add(Files.readAllBytes(path)).hex());
            }
        }
        return files;
    }
}
