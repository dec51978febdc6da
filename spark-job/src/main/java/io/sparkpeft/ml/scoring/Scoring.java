package io.sparkpeft.ml.scoring;

import io.sparkpeft.command.ModelChoice;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.datasets.prepare.plan.LongText;
import io.sparkpeft.datasets.shard.batch.BatchPlan;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.predict.text.ScoreTexts;
import io.sparkpeft.score.ChosenModel;
import io.sparkpeft.score.LoadedModel;
import io.sparkpeft.spark.model.WeightsInUse;
import io.sparkpeft.tokenizer.TokenizerFiles;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;

/**
 * All that an executor needs to score texts with a model.
 *
 * @param scorer of tokenised texts
 * @param tokenizer of the model
 * @param maxLength most tokens that the model reads
 * @param longText what becomes of longer texts
 * @param labels of the classes; none for a language model
 */
public record Scoring(
        ScoreTexts scorer,
        TokenizerFiles tokenizer,
        int maxLength,
        LongText longText,
        List<String> labels,
        SerializableConfiguration hadoop)
        implements Serializable {

    /**
     * Reads the model, on the driver, so that executors can tell whether they read the same.
     *
     * @param recipe that the model was tuned by
     * @param directory of the model in Hugging Face layout
     * @throws JobException if it is not there or cannot be used
     */
    public static Scoring of(Recipe recipe, String directory, Configuration configuration) {
        ChosenModel chosen = ChosenModel.of(recipe, new ModelChoice(directory, ""), configuration);
        List<String> labels = chosen.labels()
                .orElseThrow(() -> JobException.input(
                        "Cannot predict with %s: nothing names its classes".formatted(chosen.name())));
        LoadedModel model = chosen.load(labels, configuration);
        BatchPlan batches = BatchPlan.evaluation(
                recipe.task().type(),
                recipe.train().microBatchTokens(),
                recipe.seed(),
                chosen.inputs().masking());
        return new Scoring(
                new ScoreTexts(WeightsInUse.of(model.state()), batches),
                chosen.inputs().tokenizer(),
                chosen.inputs().maxLength(),
                LongText.valueOf(recipe.data().longText().name()),
                labels,
                new SerializableConfiguration(configuration));
    }
}
