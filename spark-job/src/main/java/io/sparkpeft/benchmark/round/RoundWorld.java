package io.sparkpeft.benchmark.round;

import io.sparkpeft.benchmark.input.ModelShape;
import io.sparkpeft.benchmark.input.ShapeFiles;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.bind.Names;
import io.sparkpeft.config.file.RecipeFile;
import io.sparkpeft.datasets.sample.SampleWorld;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.run.Progress;
import io.sparkpeft.run.RunContext;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.model.BaseModel;
import io.sparkpeft.stage.OpenRun;
import io.sparkpeft.stage.data.ModelInputs;
import io.sparkpeft.stage.data.PrepareData;
import io.sparkpeft.stage.data.RunData;
import io.sparkpeft.store.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.roaringbitmap.RoaringBitmap;

/** A run of random weights on a task of the sample world, opened in a directory of its own up to its first round. */
final class RoundWorld {
    private RoundWorld() {}

    /** The recipe of rounds of so many steps; also writes what it names. */
    static Recipe recipe(Path directory, ModelShape shape, RoundBenchmark.Size size) {
        try {
            SampleWorld.write(new Configuration(), new org.apache.hadoop.fs.Path(directory.toUri()), 1);
            Files.write(
                    directory.resolve("model/config.json"),
                    new ShapeFiles(shape).open("config.json").readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write into %s: %s".formatted(directory, e.getMessage()), e);
        }
        int steps = Math.max(1, size.steps());
        String text = """
                name = benchmark
                model { path = "%1$s/model", initial-weights = random, max-length = 64 }
                data {
                  train.paths = ["%1$s/task-a/train.tsv"]
                  dev.paths = ["%1$s/task-a/dev.tsv"]
                  text-column = sentence
                  shards = %2$d
                }
                train { steps = %3$d, local-steps = %4$d, batch-size = 8, moments = %5$s }
                output.directory = "%1$s/run"
                """.formatted(
                        directory, size.shards(), (long) steps * size.rounds(), steps, Names.value(size.moments()));
        return RecipeFile.parse(text, "the benchmark's recipe", List.of());
    }

    static RunContext open(Recipe recipe, Cluster cluster, Progress progress) {
        Configuration configuration = cluster.hadoopConfiguration();
        ModelInputs inputs = ModelInputs.read(recipe, configuration);
        RunDirectory directory = RunDirectory.open(recipe, configuration, "benchmark", true);
        RunData data = new PrepareData(recipe, cluster.session(), inputs.tokenizer(), directory.uri(RunDirectory.DATA))
                .run(inputs.pretraining(), inputs.maxLength());
        BaseModel base = BaseModel.load(OpenRun.reference(recipe, data.labels()), configuration);
        return new RunContext(cluster, directory, data, base, base.reference(), inputs, progress);
    }

    /** A mask of so many weights, evenly spread over all. */
    static ParameterMask mask(ParameterLayout layout, long count) {
        if (count < 1 || count > layout.size()) {
            throw new IllegalArgumentException(
                    "Invalid --weights: %d of a model of %d".formatted(count, layout.size()));
        }
        RoaringBitmap[] tensors = new RoaringBitmap[layout.count()];
        double before = 0;
        for (int t = 0; t < tensors.length; t++) {
            tensors[t] = new RoaringBitmap();
            double step = (double) layout.size() / count;
            int size = layout.tensor(t).size();
            for (long i = (long) Math.ceil(before / step); i * step < before + size && i < count; i++) {
                tensors[t].add((int) Math.min(size - 1, (long) (i * step - before)));
            }
            before += size;
        }
        return new ParameterMask(layout, tensors);
    }
}
