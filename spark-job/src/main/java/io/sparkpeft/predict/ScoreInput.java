package io.sparkpeft.predict;

import io.sparkpeft.datasets.shard.BatchPlan;
import io.sparkpeft.datasets.shard.ShardBatches;
import io.sparkpeft.datasets.shard.TokenShard;
import io.sparkpeft.model.Predictions;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.spark.Replica;
import io.sparkpeft.spark.WeightsInUse;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/**
 * Scores slices of the input in one pass: reads, tokenises, and sends as many texts at once through the model as fit the
 * token budget. The rows come in the order of the records; unusable records have none.
 *
 * @param input how it is read
 * @param census where in the input each slice begins
 * @param weights of the model
 * @param batches how texts become batches
 * @param columns of the rows
 */
record ScoreInput(
        InputPlan input, InputCensus census, WeightsInUse weights, BatchPlan batches, PredictionColumns columns)
        implements FlatMapFunction<Iterator<Integer>, Row>, Serializable {

    @Override
    public Iterator<Row> call(Iterator<Integer> slices) {
        Iterator<InputRecord> records = InputRecords.inTask(input, slices);
        return new Iterator<>() {
            private Iterator<Row> ready = List.<Row>of().iterator();

            @Override
            public boolean hasNext() {
                while (!ready.hasNext() && records.hasNext()) {
                    ready = score(take(records)).iterator();
                }
                return ready.hasNext();
            }

            @Override
            public Row next() {
                return hasNext() ? ready.next() : List.<Row>of().iterator().next();
            }
        };
    }

    /** The next usable records, of about as many tokens as go through the model at once. */
    private List<InputRecord> take(Iterator<InputRecord> records) {
        List<InputRecord> taken = new ArrayList<>();
        long tokens = 0;
        while (tokens < batches.maxTokens() && records.hasNext()) {
            InputRecord record = records.next();
            if (record.windows().isPresent()) {
                taken.add(record);
                tokens += record.tokens();
            }
        }
        return taken;
    }

    private List<Row> score(List<InputRecord> records) {
        if (records.isEmpty()) {
            return List.of();
        }
        List<TextScore> windows = scoreWindows(WindowShard.of(records, census));
        List<Row> rows = new ArrayList<>(records.size());
        int window = 0;
        for (InputRecord record : records) {
            TextScore score = windows.get(window++);
            for (int more = 1; more < record.slots(); more++) {
                score = score.plus(windows.get(window++));
            }
            rows.add(columns.row(census.firstNumber()[record.slice()] + record.number(), record.example(), score));
        }
        return rows;
    }

    private List<TextScore> scoreWindows(TokenShard shard) {
        List<TextScore> scores = new ArrayList<>(shard.examples());
        try (Replica replica = weights.open(input.configuration())) {
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
