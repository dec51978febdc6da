package io.sparkpeft.benchmark;

import io.sparkpeft.benchmark.figure.Report;
import io.sparkpeft.benchmark.input.BatchFile;
import io.sparkpeft.benchmark.input.CorpusText;
import io.sparkpeft.benchmark.input.MaskChoice;
import io.sparkpeft.benchmark.input.ModelSource;
import io.sparkpeft.benchmark.input.TextSource;
import io.sparkpeft.datasets.shard.TokenShard;
import io.sparkpeft.datasets.shard.batch.BatchPlan;
import io.sparkpeft.datasets.shard.batch.MaskingRule;
import io.sparkpeft.datasets.shard.batch.ShardBatches;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.checkpoint.StoredModel;
import io.sparkpeft.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One epoch over a corpus with its real lengths, sequences packed without padding. Making the batches is part of the
 * measure; reading and tokenising is not.
 *
 * @param source of the model
 * @param language whether the family's language-model objective is trained; else classification
 * @param text what is read
 * @param batches how it becomes batches
 * @param mask which weights are tuned
 * @param measure how long; 0 steps: the whole epoch
 * @param batchFile where the batches are written to, if anywhere
 */
public record EpochBenchmark(
        ModelSource source,
        boolean language,
        TextSource text,
        Batches batches,
        MaskChoice mask,
        Measure measure,
        Optional<Path> batchFile) {

    /**
     * @param size examples of a step
     * @param microBatchTokens most tokens that go through the model at once
     */
    public record Batches(int size, int microBatchTokens) {
        public Batches {
            if (size < 1 || microBatchTokens < 1) {
                throw new IllegalArgumentException(
                        "Invalid step: --batch %d and --micro-batch-tokens %d must be above 0"
                                .formatted(size, microBatchTokens));
            }
        }
    }

    /** Runs it. */
    public Report run() {
        try (Tokenizer tokenizer = text.tokenizer()) {
            ModelSource fitting = source.withVocabulary(tokenizer.vocabularySize());
            Objective objective = fitting.objective(language);
            CorpusText read = text.read(tokenizer);
            StoredModel weights = fitting.load(objective, language ? List.of() : text.classes(read));
            TokenShard shard = read.shard();
            int steps = (shard.examples() + batches.size() - 1) / batches.size();
            BatchPlan plan = new BatchPlan(
                    objective,
                    batches.size(),
                    batches.microBatchTokens(),
                    source.seed(),
                    Math.max(1, steps),
                    false,
                    objective == Objective.MASKED_LM ? MaskingRule.of(tokenizer) : MaskingRule.none());
            int measured = measure.steps() == 0 ? steps : Math.min(measure.steps(), steps);
            ShardBatches source = new ShardBatches(shard, plan);
            batchFile.ifPresent(file -> BatchFile.write(file, source, measured));
            Report report = new Report("epoch")
                    .condition("objective", objective.name())
                    .condition("corpus", text.name())
                    .condition("batch", batches.size())
                    .condition("epoch_steps", steps);
            return new Training(new Workload(fitting, weights, source, measured), mask, measure.withSteps(measured))
                    .run(report);
        }
    }
}
