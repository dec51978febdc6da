package io.sparkpeft.ml;

import io.sparkpeft.FineTuningJob;
import io.sparkpeft.JobResult;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.ml.scoring.InvalidText;
import io.sparkpeft.ml.scoring.ScoreColumns;
import io.sparkpeft.store.file.Storage;
import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Fine-tunes a language model on the texts and labels of a DataFrame by pruning and tuning few of its weights, through
 * the very job that the command line runs: {@link FineTuningJob}. Every key of a recipe can be given, the usual ones as
 * params, the others in the HOCON text of the param {@code recipe}.
 *
 * <p>A fit is a function of the rows and the recipe: it does not depend on how Spark divides the rows, nor on their
 * order, unless {@code orderCol} names a column that orders them. The output directory gets a directory for each set of
 * rows and one for each run, named by what decides it, so that the fits of a grid or of folds do not disturb each other,
 * and a fit that is made again goes on where it stopped, or finds its result.
 */
public final class SparseFineTuner extends Estimator<SparseFineTunedModel>
        implements TextColumns<SparseFineTuner>, FineTuningParams<SparseFineTuner>, DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    private final String uid;
    private final ColumnParams columns;
    private final RecipeParams keys;
    private final Param<String> labelCol;
    private final Param<String> validationIndicatorCol;
    private final Param<String> orderCol;
    private final Param<String> outputDirectory;
    private final Param<String> recipe;

    public SparseFineTuner() {
        this(Identifiable.randomUID("sparseFineTuner"));
    }

    public SparseFineTuner(String uid) {
        this.uid = uid;
        columns = new ColumnParams(this);
        keys = new RecipeParams(this);
        labelCol = new Param<>(this, "labelCol", "Column of the label: text, numbers or booleans.");
        validationIndicatorCol = new Param<>(
                this,
                "validationIndicatorCol",
                "Column of booleans: true holds a row out, to judge phases by (null is false); empty: data.split of the recipe, else one row in ten by a hash of its text.");
        orderCol = new Param<>(
                this, "orderCol", "Column whose values order the rows; empty: the order of a hash of each row.");
        outputDirectory = new Param<>(
                this, "outputDirectory", "Directory, on any Hadoop file system, for the runs and the rows they read.");
        recipe = new Param<>(this, "recipe", "Text of a recipe, in HOCON, for every key that has no param.");
        columns.setDefaults(this);
        keys.setDefaults();
        setDefault(labelCol, "label");
        setDefault(validationIndicatorCol, "");
        setDefault(orderCol, "");
        setDefault(outputDirectory, "");
        setDefault(recipe, "");
    }

    /** Reads an estimator that was saved. */
    public static SparseFineTuner load(String path) {
        return read().load(path);
    }

    public static MLReader<SparseFineTuner> read() {
        return new DefaultParamsReader<>();
    }

    /**
     * Runs the job on the rows.
     *
     * @throws JobException if a column or a param is not as it must be, input is missing, or the result does not meet
     *     the recipe's {@code evaluate.gate}
     */
    @Override
    public SparseFineTunedModel fit(Dataset<?> dataset) {
        transformSchema(dataset.schema());
        if (getOutputDirectory().isEmpty()) {
            throw JobException.config("Cannot fit: outputDirectory is empty; name a directory for the runs");
        }
        TrainingColumns training = trainingColumns(recipeOfFit().outline());
        TrainingRows rows = TrainingRows.keep(training.select(dataset), getOutputDirectory());
        var configuration = dataset.sparkSession().sparkContext().hadoopConfiguration();
        if (!getValidationIndicatorCol().isEmpty()) {
            rows.requireBoth(getValidationIndicatorCol(), configuration);
        }
        String home = Storage.at(getOutputDirectory(), configuration).uri();
        Recipe resolved = recipeOfFit().of(rows, home);
        JobResult result = new FineTuningJob(resolved, dataset.sparkSession(), new LogProgress(log())).run(false);
        if (!result.isGateMet()) {
            throw new JobException(FailureKind.GATE, "Cannot pass the gate: " + result.gateFailure());
        }
        SparseFineTunedModel model = new SparseFineTunedModel(uid, resolved.outputDirectory());
        return copyValues(model, ParamMap.empty()).setParent(this);
    }

    @Override
    public StructType transformSchema(StructType schema) {
        InvalidText.of(getHandleInvalid());
        Recipe outline = recipeOfFit().outline();
        trainingColumns(outline).require(schema);
        return new ScoreColumns(getPredictionCol(), getPredictedLabelCol(), getProbabilityCol(), getCrossEntropyCol())
                .append(schema, !outline.task().type().isLanguageModel(), List.of());
    }

    private TrainingRecipe recipeOfFit() {
        return new TrainingRecipe(
                getRecipe(),
                keys.settings(),
                !getPairCol().isEmpty(),
                !getValidationIndicatorCol().isEmpty());
    }

    private TrainingColumns trainingColumns(Recipe outline) {
        String label = outline.task().type().isLanguageModel() ? "" : getLabelCol();
        return new TrainingColumns(getTextCol(), getPairCol(), label, getValidationIndicatorCol(), getOrderCol());
    }

    @Override
    public SparseFineTuner copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public SparseFineTuner self() {
        return this;
    }

    public Param<String> labelCol() {
        return labelCol;
    }

    public String getLabelCol() {
        return getOrDefault(labelCol);
    }

    public SparseFineTuner setLabelCol(String value) {
        set(labelCol, value);
        return this;
    }

    public Param<String> validationIndicatorCol() {
        return validationIndicatorCol;
    }

    public String getValidationIndicatorCol() {
        return getOrDefault(validationIndicatorCol);
    }

    public SparseFineTuner setValidationIndicatorCol(String value) {
        set(validationIndicatorCol, value);
        return this;
    }

    public Param<String> orderCol() {
        return orderCol;
    }

    public String getOrderCol() {
        return getOrDefault(orderCol);
    }

    public SparseFineTuner setOrderCol(String value) {
        set(orderCol, value);
        return this;
    }

    public Param<String> outputDirectory() {
        return outputDirectory;
    }

    public String getOutputDirectory() {
        return getOrDefault(outputDirectory);
    }

    public SparseFineTuner setOutputDirectory(String value) {
        set(outputDirectory, value);
        return this;
    }

    public Param<String> recipe() {
        return recipe;
    }

    public String getRecipe() {
        return getOrDefault(recipe);
    }

    public SparseFineTuner setRecipe(String value) {
        set(recipe, value);
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

    @Override
    public Param<String> modelPath() {
        return keys.modelPath;
    }

    @Override
    public DoubleParam sparsity() {
        return keys.sparsity;
    }

    @Override
    public DoubleParam density() {
        return keys.density;
    }

    @Override
    public Param<String> criterion() {
        return keys.criterion;
    }

    @Override
    public DoubleParam genericWeight() {
        return keys.genericWeight;
    }

    @Override
    public StringArrayParam genericPaths() {
        return keys.genericPaths;
    }

    @Override
    public DoubleParam epochs() {
        return keys.epochs;
    }

    @Override
    public IntParam steps() {
        return keys.steps;
    }

    @Override
    public IntParam batchSize() {
        return keys.batchSize;
    }

    @Override
    public IntParam localSteps() {
        return keys.localSteps;
    }

    @Override
    public DoubleParam learningRate() {
        return keys.learningRate;
    }

    @Override
    public IntParam shards() {
        return keys.shards;
    }

    @Override
    public LongParam seed() {
        return keys.seed;
    }
}
