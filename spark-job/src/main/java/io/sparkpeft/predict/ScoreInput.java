package io.sparkpeft.predict;

import io.sparkpeft.datasets.row.TokenRow;
import io.sparkpeft.predict.text.ScoreTexts;
import io.sparkpeft.predict.text.TextScore;
import io.sparkpeft.spark.TaskFailure;
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
 * @param scorer of its texts
 * @param columns of the rows
 */
record ScoreInput(InputPlan input, InputCensus census, ScoreTexts scorer, PredictionColumns columns)
        implements FlatMapFunction<Iterator<Integer>, Row>, Serializable {

    @Override
    public Iterator<Row> call(Iterator<Integer> slices) {
        Iterator<InputRecord> records = InputRecords.inTask(input, slices);
        return new Iterator<>() {
            private Iterator<Row> ready = List.<Row>of().iterator();

            @Override
            public boolean hasNext() {
                while (!ready.hasNext() && records.hasNext()) {
                    ready = scored(take(records)).iterator();
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
        while (tokens < scorer.maxTokens() && records.hasNext()) {
            InputRecord record = records.next();
            if (record.windows().isPresent()) {
                taken.add(record);
                tokens += record.tokens();
            }
        }
        return taken;
    }

    private List<Row> scored(List<InputRecord> records) {
        try {
            return score(records);
        } catch (OutOfMemoryError e) {
            throw TaskFailure.memory(e);
        }
    }

    private List<Row> score(List<InputRecord> records) {
        List<TokenRow.Kept> texts =
                records.stream().map(record -> record.windows().orElseThrow()).toList();
        long[] slots = records.stream()
                .mapToLong(record -> census.firstSlot()[record.slice()] + record.slot())
                .toArray();
        List<TextScore> scores = scorer.score(texts, slots, input.configuration());
        List<Row> rows = new ArrayList<>(records.size());
        for (int i = 0; i < records.size(); i++) {
            InputRecord record = records.get(i);
            long ordinal = census.firstNumber()[record.slice()] + record.number();
            rows.add(columns.row(ordinal, record.example(), scores.get(i)));
        }
        return rows;
    }
}
