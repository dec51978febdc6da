package io.sparkpeft.predict.text;

import io.sparkpeft.datasets.row.TokenRow;
import io.sparkpeft.datasets.shard.TokenShard;
import io.sparkpeft.datasets.shard.batch.BatchPlan;
import io.sparkpeft.datasets.shard.batch.ShardBatches;
import io.sparkpeft.model.Predictions;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.spark.model.Replica;
import io.sparkpeft.spark.model.WeightsInUse;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Scores tokenised texts on an executor, with the model that it keeps.
 *
 * @param weights of the model
 * @param batches how texts become batches
 */
public record ScoreTexts(WeightsInUse weights, BatchPlan batches) implements Serializable {

    /** Most tokens that go through the model at once. */
    public int maxTokens() {
        return batches.maxTokens();
    }

    /**
     * The score of each text, over all its windows.
     *
     * @param slots the place of each text's first window in the input; a masked language model's masks come from it
     */
    public List<TextScore> score(List<TokenRow.Kept> texts, long[] slots, Configuration configuration) {
        if (texts.isEmpty()) {
            return List.of();
        }
        List<TextScore> windows = scoreWindows(WindowShard.of(texts, slots), configuration);
        List<TextScore> scores = new ArrayList<>(texts.size());
        int window = 0;
        for (TokenRow.Kept text : texts) {
            TextScore score = windows.get(window++);
            for (int more = 1; more < text.tokens().length; more++) {
                score = score.plus(windows.get(window++));
            }
            scores.add(score);
        }
        return scores;
    }

    private List<TextScore> scoreWindows(TokenShard shard, Configuration configuration) {
        List<TextScore> scores = new ArrayList<>(shard.examples());
        try (Replica replica = weights.open(configuration)) {
            for (TokenBatch batch : ShardBatches.evaluation(shard, batches)) {
                Predictions predictions = replica.model().predict(batch);
                for (int example = 0; example < batch.examples(); example++) {
                    scores.add(TextScore.of(predictions, example));
                }
            }
        }
        return scores;
    }
}
