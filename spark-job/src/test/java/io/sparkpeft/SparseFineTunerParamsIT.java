package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.file.RecipeFile;
import io.sparkpeft.ml.SparseFineTunedModel;
import io.sparkpeft.ml.SparseFineTuner;
import io.sparkpeft.run.Measurement;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The params of the estimator are keys of recipes, are kept when it is saved, and can be searched over. */
class SparseFineTunerParamsIT {
    @TempDir
    static Path temporary;

    private static SmallWorld world;
    private static SparkSession session;

    @BeforeAll
    static void open() throws IOException {
        world = SmallWorld.in(temporary.resolve("world"));
        session = SmallWorld.session("local[2]");
    }

    @AfterAll
    static void close() {
        session.stop();
    }

    private static SparseFineTuner tuner(String output) {
        return new SparseFineTuner()
                .setModelPath(world.directory().resolve("model").toString())
                .setRecipe("model.initial-weights = random\nimportance.examples = 20")
                .setSteps(2)
                .setBatchSize(8)
                .setDensity(0.2)
                .setOutputDirectory(temporary.resolve(output).toString());
    }

    @Test
    void whatIsNotSetIsAsInRecipes() {
        SparseFineTuner tuner = new SparseFineTuner();
        Recipe recipe =
                RecipeFile.parse("model.path = m, data { train.paths = [a], dev.paths = [b] }", "defaults", List.of());
        assertThat(tuner.getModelPath()).isEmpty();
        assertThat(tuner.getTextCol()).isEqualTo(recipe.data().textColumn());
        assertThat(tuner.getPairCol()).isEqualTo(recipe.data().pairColumn());
        assertThat(tuner.getLabelCol()).isEqualTo(recipe.data().labelColumn());
        assertThat(tuner.getShards()).isEqualTo(recipe.data().shards());
        assertThat(tuner.getSparsity()).isEqualTo(recipe.prune().sparsity());
        assertThat(tuner.getDensity()).isEqualTo(recipe.update().density());
        assertThat(tuner.getCriterion()).isEqualTo(recipe.importance().criterion());
        assertThat(tuner.getGenericWeight()).isEqualTo(recipe.importance().genericWeight());
        assertThat(tuner.getGenericPaths())
                .containsExactlyElementsOf(recipe.importance().generic().paths());
        assertThat(tuner.getEpochs()).isEqualTo(recipe.train().epochs());
        assertThat(tuner.getSteps()).isEqualTo(recipe.train().steps());
        assertThat(tuner.getBatchSize()).isEqualTo(recipe.train().batchSize());
        assertThat(tuner.getLocalSteps()).isEqualTo(recipe.train().localSteps());
        assertThat(tuner.getLearningRate()).isEqualTo(recipe.train().learningRate());
        assertThat(tuner.getSeed()).isEqualTo(recipe.seed());
        assertThat(tuner.explainParams()).contains("Peak learning rate of AdamW. (train.learning-rate of a recipe)");
    }

    @Test
    void aSavedEstimatorHasTheSameParams() throws IOException {
        SparseFineTuner tuner = tuner("saved")
                .setGenericPaths(new String[] {"a \"b\"", "c,d"})
                .setSeed(1L << 60)
                .setOrderCol("id")
                .setHandleInvalid("keep");
        String path = temporary.resolve("tuner").toString();
        tuner.save(path);
        SparseFineTuner loaded = SparseFineTuner.load(path);
        assertThat(loaded.uid()).isEqualTo(tuner.uid());
        assertThat(loaded.params()).hasSize(25);
        for (Param<?> param : tuner.params()) {
            assertThat(loaded.isSet(loaded.getParam(param.name())))
                    .as(param.name())
                    .isEqualTo(tuner.isSet(param));
            assertThat((Object) loaded.getOrDefault(loaded.getParam(param.name())))
                    .as(param.name())
                    .isEqualTo(tuner.getOrDefault(param));
        }
        assertThat(loaded.copy(ParamMap.empty().put(loaded.epochs(), 7.0)).getEpochs())
                .isEqualTo(7);
    }

    @Test
    void aGridIsSearchedByCrossValidation() throws IOException {
        Dataset<Row> rows = session.read()
                .option("sep", "\t")
                .option("header", "true")
                .csv(world.directory().resolve("task-a/train.tsv").toString())
                .withColumnRenamed("sentence", "text")
                .withColumn("label", functions.expr("double(label = 'positive')"))
                .limit(120);
        SparseFineTuner tuner = tuner("grid");
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(tuner.learningRate(), new double[] {1e-3, 1e-2})
                .build();
        CrossValidatorModel best = new CrossValidator()
                .setEstimator(tuner)
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
                .setEstimatorParamMaps(grid)
                .setNumFolds(2)
                .setSeed(3)
                .fit(rows);
        assertThat(Arrays.stream(best.avgMetrics()).boxed())
                .hasSize(2)
                .allMatch(accuracy -> accuracy > 0 && accuracy < 1);
        assertThat(directories("grid", "run-")).isEqualTo(2 * 2 + 1);
        assertThat(directories("grid", "rows-")).isEqualTo(2 + 1);
        best.save(temporary.resolve("best").toString());
        Dataset<Row> scored =
                CrossValidatorModel.load(temporary.resolve("best").toString()).transform(rows);
        assertThat(scored.select("prediction")
                        .distinct()
                        .as(org.apache.spark.sql.Encoders.DOUBLE())
                        .collectAsList())
                .isSubsetOf(0.0, 1.0);
        assertThat(scored.filter("double(predictedLabel) <> prediction").count())
                .isZero();
    }

    private static long directories(String output, String prefix) throws IOException {
        try (Stream<Path> entries = Files.list(temporary.resolve(output))) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith(prefix))
                    .count();
        }
    }

    @Test
    void aLanguageModelGivesTheCrossEntropyThatItsRunMeasured() throws IOException {
        Dataset<Row> stories = session.read()
                .json(world.directory().resolve("heldout.jsonl").toString())
                .select("text")
                .limit(40);
        String held = stories.first().getString(0);
        Dataset<Row> rows = stories.withColumn("held", functions.col("text").equalTo(held));
        SparseFineTunedModel model = tuner("stories")
                .setRecipe("task.type = causal-lm\nmodel.initial-weights = random\nimportance.examples = 20")
                .setValidationIndicatorCol("held")
                .fit(rows);
        Row scored = model.transform(rows.filter("held")).first();
        Path journal = Path.of(URI.create(model.directory())).resolve("stages/masked/evaluation-phase-1/tuned.json");
        Measurement measured = new ObjectMapper().readValue(journal.toFile(), Measurement.class);
        assertThat(scored.<Double>getAs("crossEntropy"))
                .isCloseTo(measured.values().get("cross-entropy"), within(1e-6));
        assertThat(scored.schema().fieldNames()).containsExactly("text", "held", "crossEntropy");
        assertThat(model.labels()).isEmpty();
    }
}
