package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.failure.JobException;
import io.sparkpeft.ml.SparseFineTunedModel;
import io.sparkpeft.ml.SparseFineTuner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The estimator is the job, its model is what predict scores with, and both live as other stages of Spark do. */
class SparseFineTunerIT {
    private static final StructType COLUMNS = new StructType()
            .add("id", DataTypes.LongType)
            .add("label", DataTypes.StringType)
            .add("sentence", DataTypes.StringType)
            .add("held", DataTypes.BooleanType);

    @TempDir
    static Path temporary;

    private static FinishedRun run;
    private static SparkSession session;
    private static Dataset<Row> examples;

    @BeforeAll
    static void open() throws IOException {
        run = FinishedRun.shared();
        try (CommandRunner commands = new CommandRunner()) {
            String output = temporary.resolve("predicted").toString();
            String input = run.file("task-a/dev.tsv").toString();
            CommandRunner.Result result =
                    commands.run("predict", run.recipe(), "--input", input, "--predictions", output);
            assertThat(result.exitCode()).as(result.errors()).isZero();
        }
        session = SmallWorld.session("local[2]");
        List<Row> rows = new ArrayList<>();
        add(run.file("task-a/train.tsv"), false, rows);
        add(run.file("task-a/dev.tsv"), true, rows);
        examples = session.createDataFrame(rows, COLUMNS);
    }

    @AfterAll
    static void close() {
        session.stop();
    }

    private static void add(Path file, boolean held, List<Row> rows) throws IOException {
        List<String> lines = Files.readAllLines(file);
        for (String line : lines.subList(1, lines.size())) {
            String[] values = line.split("\t");
            rows.add(RowFactory.create((long) rows.size(), values[0], values[1], held));
        }
    }

    /** The recipe of the finished run; its rows come from the DataFrame instead. */
    private static SparseFineTuner tuner(String output) {
        return new SparseFineTuner()
                .setRecipe(run.recipe())
                .setTextCol("sentence")
                .setValidationIndicatorCol("held")
                .setOutputDirectory(temporary.resolve(output).toString());
    }

    private static SparseFineTuner inOrder() {
        return tuner("in-order").setOrderCol("id");
    }

    private static byte[] adapter(SparseFineTunedModel model) throws IOException {
        return Files.readAllBytes(
                Path.of(java.net.URI.create(model.directory())).resolve("adapter/adapter.delta"));
    }

    private static Dataset<Row> dev() {
        return examples.filter("held").drop("held");
    }

    private static List<Row> scores(Dataset<Row> scored) {
        return scored.orderBy("id")
                .select("id", "prediction", "predictedLabel", "probability")
                .collectAsList();
    }

    @Test
    void theAdapterIsTheJobs() throws IOException {
        SparseFineTunedModel model = inOrder().fit(examples.repartition(5, functions.col("sentence")));
        assertThat(adapter(model)).isEqualTo(Files.readAllBytes(run.output("adapter/adapter.delta")));
        assertThat(model.labels()).containsExactly("negative", "positive");
    }

    @Test
    void aFitDependsOnTheRowsAlone() throws IOException {
        SparseFineTunedModel one = tuner("one").fit(examples);
        SparseFineTunedModel other =
                tuner("other").fit(examples.orderBy(functions.desc("sentence")).repartition(7));
        assertThat(adapter(other)).isEqualTo(adapter(one));

        SparseFineTunedModel again = tuner("one").fit(examples.coalesce(1));
        assertThat(again.directory()).isEqualTo(one.directory());
        SparseFineTunedModel fewer = tuner("one").setSteps(4).fit(examples.filter("id % 2 = 0"));
        assertThat(fewer.directory()).isNotEqualTo(one.directory());
        assertThat(adapter(fewer)).isNotEqualTo(adapter(one));
    }

    @Test
    void theScoresAreThoseOfPredict() {
        SparseFineTunedModel model = inOrder().fit(examples);
        List<Row> scored = scores(model.transform(dev().repartition(3)));
        List<Row> predicted = session.read()
                .parquet(temporary.resolve("predicted").toString())
                .orderBy("ordinal")
                .collectAsList();
        assertThat(scored).hasSameSizeAs(predicted).hasSize(500);
        for (int i = 0; i < scored.size(); i++) {
            Row row = scored.get(i);
            List<Float> expected = predicted.get(i).getList(predicted.get(i).fieldIndex("probabilities"));
            double[] probabilities = row.<Vector>getAs("probability").toArray();
            // Other rows are computed together, which on some processors changes how OpenBLAS sums a row.
            assertThat(probabilities)
                    .containsExactly(
                            new double[] {expected.get(0), expected.get(1)}, within(4 * (double) Math.ulp(1f)));
            assertThat(row.<Double>getAs("prediction")).isEqualTo(probabilities[0] >= probabilities[1] ? 0.0 : 1.0);
            assertThat(row.<String>getAs("predictedLabel"))
                    .isEqualTo(predicted.get(i).<String>getAs("label"));
        }
    }

    @Test
    void aPipelineThatWasSavedAndMovedScoresAsBefore() throws IOException {
        SQLTransformer rename = new SQLTransformer().setStatement("SELECT *, lower(sentence) AS words FROM __THIS__");
        SparseFineTuner tuner = tuner("moved").setTextCol("words");
        IndexToString names = new IndexToString().setInputCol("prediction").setOutputCol("name");
        PipelineModel fitted = new Pipeline()
                .setStages(new PipelineStage[] {rename, tuner, names})
                .fit(examples);
        List<Row> before = scores(fitted.transform(dev()));
        fitted.write().overwrite().save(temporary.resolve("saved").toString());

        Files.move(temporary.resolve("moved"), temporary.resolve("elsewhere"));
        Files.move(temporary.resolve("saved"), temporary.resolve("saved and moved"));
        PipelineModel loaded =
                PipelineModel.load(temporary.resolve("saved and moved").toString());
        Dataset<Row> after = loaded.transform(dev());
        assertThat(scores(after)).isEqualTo(before);
        assertThat(after.filter("name <> predictedLabel").count()).isZero();
        assertThat(loaded.stages()[1].extractParamMap().toSeq().size())
                .isEqualTo(fitted.stages()[1].extractParamMap().toSeq().size());
        assertThat(((SparseFineTunedModel) loaded.stages()[1]).getTextCol()).isEqualTo("words");
    }

    @Test
    void rowsWithoutTextAreRefusedLeftOutOrKeptWithoutScores() {
        Dataset<Row> holes = session.createDataFrame(
                List.of(
                        RowFactory.create(0L, "", "near the garden", false),
                        RowFactory.create(1L, "", null, false),
                        RowFactory.create(2L, "", " ", false),
                        RowFactory.create(3L, "", "the", false)),
                COLUMNS);
        SparseFineTunedModel model = inOrder().fit(examples);
        assertThatThrownBy(() -> scores(model.transform(holes.filter("id = 1"))))
                .hasStackTraceContaining("Cannot predict a row without text: it is null (handleInvalid = keep gives");
        List<Row> kept =
                scores(model.copy(ParamMap.empty()).setHandleInvalid("keep").transform(holes));
        assertThat(kept).extracting(row -> row.isNullAt(1)).containsExactly(false, true, true, false);
        assertThat(kept).extracting(row -> row.isNullAt(3)).containsExactly(false, true, true, false);
        List<Row> left =
                scores(model.copy(ParamMap.empty()).setHandleInvalid("skip").transform(holes));
        assertThat(left).containsExactly(kept.get(0), kept.get(3));
    }

    @Test
    void whatCannotBeDoneIsSaidInASentence() {
        assertFails(
                inOrder().setOutputDirectory(""),
                "Cannot fit: outputDirectory is empty; name a directory for the runs");
        assertFails(
                inOrder().setTextCol("words"),
                "Cannot find column 'words' (textCol): the columns are [id, label, sentence, held]");
        assertFails(
                inOrder().setTextCol("id"),
                "Cannot use column 'id' (textCol): it is of type bigint; it must hold text");
        assertFails(
                inOrder().setValidationIndicatorCol("label"),
                "Cannot use column 'label' (validationIndicatorCol): it is of type string; it must hold booleans");
        assertFails(
                inOrder().setPredictionCol("label"),
                "Cannot add column 'label': there is one already; name another, or drop it");
        assertFails(inOrder().setHandleInvalid("drop"), "Invalid handleInvalid: drop is none of error, skip, keep");
        assertFails(
                inOrder().setEpochs(-1),
                "Invalid train.epochs: \"-1.0\" is out of range: it must be more than 0 (param)");
        assertFails(new SparseFineTuner(), "Invalid model.path: it is empty; name the checkpoint's directory");
        assertThatThrownBy(() -> inOrder().fit(examples.filter("held")))
                .isInstanceOf(JobException.class)
                .hasMessage("Cannot fit: every row is held out for validation (column 'held')");
        assertThatThrownBy(() -> inOrder().fit(examples.filter("id < 0")))
                .isInstanceOf(JobException.class)
                .hasMessage("Cannot fit: the DataFrame has no rows");
    }

    private static void assertFails(SparseFineTuner tuner, String sentence) {
        assertThatThrownBy(() -> tuner.fit(examples))
                .isInstanceOf(JobException.class)
                .hasMessage(sentence);
    }

    @Test
    void fitsLeaveNothingInTheSession() throws IOException {
        List<Object> before = listeners();
        for (int steps = 1; steps <= 3; steps++) {
            tuner("traces").setSteps(steps).fit(examples);
        }
        assertThat(listeners()).isEqualTo(before);
        try (Stream<Path> entries = Files.list(temporary.resolve("traces"))) {
            assertThat(entries.map(Path::getFileName).map(Path::toString))
                    .as("one directory of rows, three of runs")
                    .hasSize(4)
                    .noneMatch(name -> name.startsWith("unnamed"));
        }
    }

    private static List<Object> listeners() {
        return new ArrayList<>(session.sparkContext().listenerBus().listeners());
    }
}
