package io.sparkpeft.predict;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.corpus.FileSlice;
import io.sparkpeft.datasets.corpus.RecordReader;
import io.sparkpeft.datasets.corpus.format.CorpusReader;
import io.sparkpeft.datasets.prepare.plan.LongText;
import io.sparkpeft.datasets.row.TextWindows;
import io.sparkpeft.datasets.row.TokenRow;
import io.sparkpeft.tokenizer.Tokenizer;
import io.sparkpeft.tokenizer.huggingface.Tokenizers;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/** The records of some slices, in order, read and tokenised on demand: a slice need not fit the memory. */
final class InputRecords implements Iterator<InputRecord> {
    private final InputPlan plan;
    private final Iterator<Integer> slices;
    private final Tokenizer tokenizer;
    private final TextWindows windows;
    private RecordReader reader = RecordReader.empty();
    private Optional<CorpusRecord> next = Optional.empty();
    private int slice;
    private long number;
    private long slot;

    private InputRecords(InputPlan plan, Iterator<Integer> slices) {
        this.plan = plan;
        this.slices = slices;
        this.tokenizer = Tokenizers.load(plan.tokenizer());
        this.windows = new TextWindows(tokenizer, plan.maxLength(), plan.longText() == LongText.SPLIT);
    }

    /** Opens them for the task that runs; they are closed when it ends. */
    static InputRecords inTask(InputPlan plan, Iterator<Integer> slices) {
        InputRecords records = new InputRecords(plan, slices);
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> records.close());
        return records;
    }

    @Override
    public boolean hasNext() {
        while (next.isEmpty()) {
            next = read();
            if (next.isEmpty()) {
                if (!slices.hasNext()) {
                    return false;
                }
                open(slices.next());
            }
        }
        return true;
    }

    @Override
    public InputRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        CorpusRecord content = next.get();
        next = Optional.empty();
        Optional<TokenRow.Kept> text = Optional.empty();
        if (content instanceof CorpusRecord.Example example) {
            TokenRow.Content tokenised = windows.content(example, 0);
            if (tokenised instanceof TokenRow.Malformed malformed) {
                content = new CorpusRecord.Malformed(
                        malformed.offset(), malformed.reason(), malformed.detail(), malformed.raw());
            } else {
                text = Optional.of((TokenRow.Kept) tokenised);
            }
        }
        InputRecord record = new InputRecord(slice, number, slot, content, text);
        number++;
        slot += record.slots();
        return record;
    }

    private Optional<CorpusRecord> read() {
        try {
            return reader.next();
        } catch (IOException e) {
            throw DatasetException.unreadable(plan.slices().get(slice).file().path(), e);
        }
    }

    private void open(int opened) {
        slice = opened;
        number = 0;
        slot = 0;
        FileSlice file = plan.slices().get(opened);
        try {
            reader.close();
            reader = CorpusReader.open(file, plan.corpus(), plan.configuration());
        } catch (IOException e) {
            throw DatasetException.unreadable(file.file().path(), e);
        }
    }

    private void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw DatasetException.unreadable(plan.slices().get(slice).file().path(), e);
        } finally {
            tokenizer.close();
        }
    }
}
