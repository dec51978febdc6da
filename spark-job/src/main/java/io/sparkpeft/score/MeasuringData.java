package io.sparkpeft.score;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.stage.data.DataSpecs;
import io.sparkpeft.stage.data.ModelInputs;
import io.sparkpeft.stage.data.PrepareData;
import io.sparkpeft.stage.data.RunData;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileSystem;

/**
 * The prepared data that a model is measured on, with the labels in the model's order: the recipe's cache, what the
 * recipe's run has prepared, or else prepared for this once and deleted afterwards.
 */
final class MeasuringData implements AutoCloseable {
    private static final String FOLDER = ".sparkpeft";

    private final Recipe recipe;
    private final ModelInputs inputs;
    private final Cluster cluster;
    private final Consumer<String> say;
    private Optional<String> temporary = Optional.empty();

    MeasuringData(ChosenModel model, Cluster cluster, Consumer<String> say) {
        this.recipe = model.recipe();
        this.inputs = model.inputs();
        this.cluster = cluster;
        this.say = say;
    }

    /**
     * Opens or prepares the data.
     *
     * @param labels in the model's order; empty where the data itself names them
     */
    RunData open(Optional<List<String>> labels) {
        return kept().filter(data -> labels.isEmpty() || labels.get().equals(data.labels()))
                .orElseGet(() -> prepareForOnce(labels));
    }

    private Optional<RunData> kept() {
        if (!recipe.data().cache().isEmpty()) {
            DataSpecs cached = specs(recipe, recipe.data().cache(), true);
            return Optional.of(
                    new PrepareData(cluster.session(), cached).run(inputs.pretraining(), inputs.maxLength()));
        }
        Storage run = Storage.at(recipe.outputDirectory(), cluster.hadoopConfiguration());
        return specs(recipe, run.uri(RunDirectory.DATA), false)
                .find(inputs.pretraining(), inputs.maxLength(), cluster.hadoopConfiguration());
    }

    private RunData prepareForOnce(Optional<List<String>> labels) {
        say.accept("preparing data");
        String name = "evaluate-" + cluster.context().sc().applicationId();
        temporary = Optional.of(name);
        String folder = home().uri(name);
        DataSpecs once = specs(labels.map(recipe::withLabels).orElse(recipe), folder, false);
        PrepareData prepare = new PrepareData(cluster.session(), once);
        return labels.isPresent()
                ? prepare.runForMeasuring(inputs.pretraining(), inputs.maxLength())
                : prepare.run(inputs.pretraining(), inputs.maxLength());
    }

    private DataSpecs specs(Recipe with, String directory, boolean shared) {
        return new DataSpecs(with, inputs.tokenizer(), directory, shared);
    }

    private Storage home() {
        try {
            String home = FileSystem.get(cluster.hadoopConfiguration())
                    .getHomeDirectory()
                    .toString();
            return Storage.at(home + "/" + FOLDER, cluster.hadoopConfiguration());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot find the home directory on the default file system", e);
        }
    }

    @Override
    public void close() {
        temporary.ifPresent(home()::delete);
    }
}
