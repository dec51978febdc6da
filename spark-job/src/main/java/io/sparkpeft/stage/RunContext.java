package io.sparkpeft.stage;

import io.sparkpeft.datasets.shard.MaskingRule;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.ModelReference;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.tokenizer.TokenizerFiles;
import java.util.OptionalInt;

/**
 * What all stages and modes of a run share.
 *
 * @param cluster where tasks run
 * @param directory where the run is kept
 * @param data the prepared data
 * @param base the base model, on the driver
 * @param reference how executors get the same
 * @param tokenizer its files
 * @param masking of its tokens, for masked language models
 * @param padToken of the tokenizer
 * @param progress told of what is being done
 */
record RunContext(
        Cluster cluster,
        RunDirectory directory,
        RunData data,
        PretrainedModel base,
        ModelReference reference,
        TokenizerFiles tokenizer,
        MaskingRule masking,
        OptionalInt padToken,
        Progress progress) {
    /** The objective that the model was pre-trained for, which retention is measured by. */
    Objective pretraining() {
        return base.definition().config().languageObjective();
    }
}
