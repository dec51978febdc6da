package io.sparkpeft.ml;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.file.RecipeFile;
import io.sparkpeft.ml.scoring.InvalidText;
import io.sparkpeft.ml.scoring.LoadedScoring;
import io.sparkpeft.ml.scoring.ScoreColumns;
import io.sparkpeft.ml.scoring.ScoreRows;
import io.sparkpeft.ml.scoring.Scoring;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A model that {@link SparseFineTuner} made. A classifier adds the number of the most probable class, its name, and the
 * probabilities of all; a language model adds each text's cross-entropy. Texts are tokenised and scored on the
 * executors, each of which keeps the model, as {@code predict} on the command line does it.
 *
 * <p>What is saved is whole: the pruned and tuned model in Hugging Face layout, and where it came from. It needs neither
 * the run nor the base model any more, and may be moved.
 */
public final class SparseFineTunedModel extends Model<SparseFineTunedModel>
        implements TextColumns<SparseFineTunedModel>, MLWritable {
    private static final long serialVersionUID = 1L;

    private final String uid;
    private final String directory;
    private final ColumnParams columns;
    private transient LoadedScoring loaded;

    /** For Spark, which reads saved models by it; {@link #load} gives one that can be used. */
    public SparseFineTunedModel(String uid) {
        this(uid, "");
    }

    /** @param directory of the run that made it, or where it was saved */
    SparseFineTunedModel(String uid, String directory) {
        this.uid = uid;
        this.directory = directory;
        this.columns = new ColumnParams(this);
        columns.setDefaults(this);
    }

    /** Reads a model that was saved. */
    public static SparseFineTunedModel load(String path) {
        return read().load(path);
    }

    public static MLReader<SparseFineTunedModel> read() {
        return new ModelReader();
    }

    /** Where the model is: the directory of the run that made it, or where it was saved. */
    public String directory() {
        return directory;
    }

    /** The names of the classes in the order of their numbers; none for a language model. */
    public String[] labels() {
        return scoring(SparkSession.active()).scoring().labels().toArray(String[]::new);
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType before = dataset.schema();
        requireColumns(before);
        LoadedScoring model = scoring(dataset.sparkSession());
        List<String> labels = model.scoring().labels();
        StructType after = scoreColumns().append(before, !labels.isEmpty(), labels);
        ScoreRows rows = new ScoreRows(
                model.shared(),
                scoreColumns(),
                after.length() - before.length(),
                before.fieldIndex(getTextCol()),
                getPairCol().isEmpty() ? -1 : before.fieldIndex(getPairCol()),
                InvalidText.of(getHandleInvalid()));
        return withMetadata(dataset.toDF().mapPartitions(rows, Encoders.row(after)), after);
    }

    /** What the columns mean gets lost where rows pass through a function. */
    private static Dataset<Row> withMetadata(Dataset<Row> rows, StructType schema) {
        return rows.select(Arrays.stream(schema.fields())
                .map(field -> Columns.named(field.name()).as(field.name(), field.metadata()))
                .toArray(Column[]::new));
    }

    @Override
    public StructType transformSchema(StructType schema) {
        requireColumns(schema);
        Configuration configuration = SparkSession.active().sparkContext().hadoopConfiguration();
        boolean classifies = !recipe(configuration).task().type().isLanguageModel();
        return scoreColumns().append(schema, classifies, List.of());
    }

    private void requireColumns(StructType schema) {
        InvalidText.of(getHandleInvalid());
        Columns.requireText(schema, "textCol", getTextCol());
        if (!getPairCol().isEmpty()) {
            Columns.requireText(schema, "pairCol", getPairCol());
        }
    }

    private ScoreColumns scoreColumns() {
        return new ScoreColumns(getPredictionCol(), getPredictedLabelCol(), getProbabilityCol(), getCrossEntropyCol());
    }

    private Recipe recipe(Configuration configuration) {
        Storage files = Storage.at(directory, configuration);
        return RecipeFile.parse(files.readText(RunDirectory.RECIPE), files.uri(RunDirectory.RECIPE), List.of());
    }

    /** The model, read once for each Spark context. */
    private synchronized LoadedScoring scoring(SparkSession session) {
        if (loaded == null || !loaded.isOf(session)) {
            Configuration configuration = session.sparkContext().hadoopConfiguration();
            String model = Storage.at(directory, configuration).uri(RunDirectory.MODEL);
            loaded = LoadedScoring.on(session, Scoring.of(recipe(configuration), model, configuration));
        }
        return loaded;
    }

    @Override
    public MLWriter write() {
        return new ModelWriter(this);
    }

    @Override
    public SparseFineTunedModel copy(ParamMap extra) {
        SparseFineTunedModel copy = new SparseFineTunedModel(uid, directory);
        copy.loaded = loaded;
        return copyValues(copy, extra).setParent(parent());
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public SparseFineTunedModel self() {
        return this;
    }

    @Override
    public Param<String> textCol() {
        return columns.text;
    }

    @Override
    public Param<String> pairCol() {
        return columns.pair;
    }

    @Override
    public Param<String> predictionCol() {
        return columns.prediction;
    }

    @Override
    public Param<String> predictedLabelCol() {
        return columns.predictedLabel;
    }

    @Override
    public Param<String> probabilityCol() {
        return columns.probability;
    }

    @Override
    public Param<String> crossEntropyCol() {
        return columns.crossEntropy;
    }

    @Override
    public Param<String> handleInvalid() {
        return columns.handleInvalid;
    }
}
