package io.sparkpeft.ml.scoring;

import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.prepare.plan.LongText;
import io.sparkpeft.datasets.row.TextWindows;
import io.sparkpeft.datasets.row.TokenRow;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.predict.text.TextScore;
import io.sparkpeft.tokenizer.Tokenizer;
import io.sparkpeft.tokenizer.huggingface.Tokenizers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Scores the rows of a partition, in order and on demand, as many at once as fit the token budget, with the model that
 * the executor keeps.
 *
 * @param model what it is
 * @param columns that are added
 * @param width number of columns that are added
 * @param text index of the text's column
 * @param pair index of the pair's column; −1 for none
 * @param invalid what becomes of rows without text
 */
public record ScoreRows(
        Broadcast<Scoring> model, ScoreColumns columns, int width, int text, int pair, InvalidText invalid)
        implements MapPartitionsFunction<Row, Row> {

    /** A row and its text; empty where that cannot be scored. */
    private record Read(Row row, Optional<TokenRow.Kept> text) {}

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        Scoring scoring = model.value();
        Tokenizer tokenizer = Tokenizers.load(scoring.tokenizer());
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> tokenizer.close());
        TextWindows windows = new TextWindows(tokenizer, scoring.maxLength(), scoring.longText() == LongText.SPLIT);
        return new Iterator<>() {
            private Iterator<Row> ready = List.<Row>of().iterator();

            @Override
            public boolean hasNext() {
                while (!ready.hasNext() && rows.hasNext()) {
                    ready = score(take(rows, windows)).iterator();
                }
                return ready.hasNext();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return ready.next();
            }
        };
    }

    /** The next rows, of about as many tokens as go through the model at once. */
    private List<Read> take(Iterator<Row> rows, TextWindows windows) {
        int budget = model.value().scorer().maxTokens();
        List<Read> taken = new ArrayList<>();
        long tokens = 0;
        while (tokens < budget && taken.size() < budget && rows.hasNext()) {
            Read read = read(rows.next(), windows);
            if (read.text().isPresent()) {
                tokens += Arrays.stream(read.text().get().tokens())
                        .mapToInt(window -> window.length)
                        .sum();
            }
            if (read.text().isPresent() || invalid == InvalidText.KEEP) {
                taken.add(read);
            }
        }
        return taken;
    }

    private Read read(Row row, TextWindows windows) {
        boolean complete = !row.isNullAt(text) && (pair < 0 || !row.isNullAt(pair));
        String why = "it is null";
        if (complete) {
            String second = pair < 0 ? "" : row.getString(pair);
            // A pair without its second text would be scored as a single one.
            boolean halved = pair >= 0 && second.isBlank();
            if (!halved
                    && windows.content(new CorpusRecord.Example(0, row.getString(text), second, ""), 0)
                            instanceof TokenRow.Kept kept) {
                return new Read(row, Optional.of(kept));
            }
            why = "it has no tokens";
        }
        if (invalid == InvalidText.ERROR) {
            throw JobException.input(
                    "Cannot predict a row without text: %s (handleInvalid = keep gives such rows no scores, skip leaves them out)"
                            .formatted(why));
        }
        return new Read(row, Optional.empty());
    }

    private List<Row> score(List<Read> taken) {
        Scoring scoring = model.value();
        List<TokenRow.Kept> texts =
                taken.stream().flatMap(read -> read.text().stream()).toList();
        // Places in the input depend on how it is divided: the hash of the text stands for them.
        long[] slots = texts.stream().mapToLong(TokenRow.Kept::id).toArray();
        Iterator<TextScore> scores =
                scoring.scorer().score(texts, slots, scoring.hadoop().value()).iterator();
        List<Row> rows = new ArrayList<>(taken.size());
        for (Read read : taken) {
            List<Object> added = read.text().isPresent()
                    ? columns.values(scores.next(), scoring.labels())
                    : Arrays.asList(new Object[width]);
            rows.add(append(read.row(), added));
        }
        return rows;
    }

    private static Row append(Row row, List<Object> added) {
        Object[] values = new Object[row.size() + added.size()];
        for (int i = 0; i < row.size(); i++) {
            values[i] = row.get(i);
        }
        for (int i = 0; i < added.size(); i++) {
            values[row.size() + i] = added.get(i);
        }
        return RowFactory.create(values);
    }
}
