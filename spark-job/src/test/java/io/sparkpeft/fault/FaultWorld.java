package io.sparkpeft.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.FineTuningJob;
import io.sparkpeft.JobResult;
import io.sparkpeft.SmallWorld;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.file.RecipeFile;
import io.sparkpeft.fault.disk.FaultyFileSystem;
import io.sparkpeft.fault.kernel.FaultyBackendProvider;
import io.sparkpeft.param.Fingerprint;
import io.sparkpeft.run.RoundReport;
import io.sparkpeft.spark.OwnSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.SparkSession;

/** One small world for all tests of faults, and the adapter that a run comes to which nothing disturbs. */
public final class FaultWorld {
    /** Rounds of a run. */
    public static final int ROUNDS = 4;

    private static FaultWorld shared;

    private final SmallWorld world;
    private String reference = "";
    private List<RoundReport> rounds = List.of();

    private FaultWorld(SmallWorld world) {
        this.world = world;
    }

    /** The world; the first call makes the undisturbed run, on a local session of its own with the cpu backend. */
    public static synchronized FaultWorld shared() {
        if (shared == null) {
            try {
                Path directory = Files.createTempDirectory("faults");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtils.deleteQuietly(directory.toFile())));
                FaultWorld made = new FaultWorld(SmallWorld.in(directory));
                made.runUndisturbed();
                shared = made;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return shared;
    }

    private void runUndisturbed() {
        try (OwnSession own = OwnSession.of(SmallWorld.session("local[2]"))) {
            SparkSession spark = own.session();
            SmallWorld.Record record = new SmallWorld.Record();
            run(spark, recipe("undisturbed", "model.backend=cpu"), record);
            rounds = List.copyOf(record.rounds);
            reference = adapter("undisturbed");
        }
        assertThat(rounds).hasSize(ROUNDS);
    }

    public static JobResult run(SparkSession spark, Recipe recipe, SmallWorld.Record record) {
        return new FineTuningJob(recipe, spark, record).run(false);
    }

    /** A recipe of {@link #ROUNDS} rounds on 3 shards. */
    public String recipeText(String run) {
        return world.recipeText(run) + """
                model.backend = %s
                prune.sparsity = 0.2
                data.cache = "%s/cache"
                train { steps = 12, local-steps = 3 }
                """.formatted(FaultyBackendProvider.NAME, world.directory());
    }

    public Recipe recipe(String run, String... changes) {
        return RecipeFile.parse(recipeText(run), "faults.conf", List.of(changes));
    }

    /** The same with its run directory on the faulty file system. */
    public Recipe onFaultyDisk(String run, String... changes) {
        List<String> all = new ArrayList<>(List.of(changes));
        all.add("output.directory=\"" + FaultyFileSystem.uri(run(run)) + "\"");
        return recipe(run, all.toArray(String[]::new));
    }

    /** The same with all that is read and written on the faulty file system: model, corpora, prepared data and run. */
    public Recipe allOnFaultyDisk(String run) {
        String directory = world.directory().toString();
        String text = recipeText(run).replace(directory, FaultyFileSystem.uri(world.directory()));
        return RecipeFile.parse(text, "faults.conf", List.of("data.cache=\"\""));
    }

    /** Something in the world. */
    public Path file(String name) {
        return world.directory().resolve(name);
    }

    /** The directory of a run. */
    public Path run(String run) {
        return world.run(run);
    }

    /** SHA-256 of the adapter that the undisturbed run came to. */
    public String reference() {
        return reference;
    }

    /** SHA-256 of the adapter of a run. */
    public String adapter(String run) {
        try {
            byte[] file = Files.readAllBytes(world.run(run).resolve("adapter/adapter.delta"));
            return new Fingerprint().add(file).hex();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asserts that a run came to the undisturbed adapter, from the same examples in every round. */
    public void assertSameBits(String run, SmallWorld.Record record) {
        assertThat(adapter(run)).as("adapter of " + run).isEqualTo(reference);
        assertThat(run(run).resolve("_SUCCESS")).exists();
        for (RoundReport round : record.rounds) {
            RoundReport undisturbed = rounds.get(round.round() - 1);
            assertThat(round.examples()).isEqualTo(undisturbed.examples());
            assertThat(round.loss()).isEqualTo(undisturbed.loss());
        }
    }

    /** Says in one line what a test did and what came of it. */
    public void tell(String what, Object... values) {
        System.out.printf("fault: " + what + "; adapter %.12s as undisturbed%n", append(values, reference));
    }

    private static Object[] append(Object[] values, Object last) {
        Object[] all = java.util.Arrays.copyOf(values, values.length + 1);
        all[values.length] = last;
        return all;
    }
}
