package io.sparkpeft.datasets.prepare;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.corpus.FileSlice;
import io.sparkpeft.datasets.corpus.RecordReader;
import io.sparkpeft.datasets.corpus.format.CorpusReader;
import io.sparkpeft.datasets.io.JavaBytes;
import io.sparkpeft.datasets.prepare.plan.LongText;
import io.sparkpeft.datasets.prepare.plan.PreparePlan;
import io.sparkpeft.datasets.row.TextWindows;
import io.sparkpeft.datasets.row.TokenRow;
import io.sparkpeft.tokenizer.Tokenizer;
import io.sparkpeft.tokenizer.huggingface.Tokenizers;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;

/** Reads slices, given by their index in the plan, and tokenises their records into {@link TokenRow}s. */
final class TokenizeSlices implements FlatMapFunction<Iterator<Integer>, byte[]> {
    private static final long serialVersionUID = 1;

    private final Broadcast<byte[]> plan;

    TokenizeSlices(Broadcast<byte[]> plan) {
        this.plan = plan;
    }

    @Override
    public Iterator<byte[]> call(Iterator<Integer> slices) {
        Rows rows = new Rows(JavaBytes.read(plan.value(), PreparePlan.class), slices);
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> rows.close());
        return rows;
    }

    /** Reads on demand, so that a slice need not fit the memory. */
    private static final class Rows implements Iterator<byte[]> {
        private final PreparePlan plan;
        private final Iterator<Integer> slices;
        private final Tokenizer tokenizer;
        private final TextWindows windows;
        private final ArrayDeque<byte[]> ready = new ArrayDeque<>(1);
        private RecordReader reader = RecordReader.empty();
        private int slice;
        private long slot;
        private long rank;

        Rows(PreparePlan plan, Iterator<Integer> slices) {
            this.plan = plan;
            this.slices = slices;
            this.tokenizer = Tokenizers.load(plan.tokenizer());
            this.windows = new TextWindows(tokenizer, plan.maxLength(), plan.longText() == LongText.SPLIT);
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty()) {
                Optional<CorpusRecord> record = nextRecord();
                if (record.isPresent()) {
                    ready.add(tokenize(record.get()));
                } else if (slices.hasNext()) {
                    open(slices.next());
                } else {
                    return false;
                }
            }
            return true;
        }

        @Override
        public byte[] next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ready.remove();
        }

        private Optional<CorpusRecord> nextRecord() {
            long limit = slot == 0 ? 0 : corpus().limit();
            if (limit > 0 && rank >= limit) {
                return Optional.empty();
            }
            try {
                return reader.next();
            } catch (IOException e) {
                throw DatasetException.unreadable(
                        plan.slices().get(slice).file().path(), e);
            }
        }

        private void open(int next) {
            slice = next;
            slot = 0;
            rank = 0;
            FileSlice opened = plan.slices().get(next);
            try {
                reader.close();
                reader = CorpusReader.open(opened, corpus(), plan.configuration());
            } catch (IOException e) {
                throw DatasetException.unreadable(opened.file().path(), e);
            }
        }

        private byte[] tokenize(CorpusRecord record) {
            TokenRow.Content content;
            if (record instanceof CorpusRecord.Example example) {
                content = windows.content(example, corpus().minTokens());
            } else {
                CorpusRecord.Malformed malformed = (CorpusRecord.Malformed) record;
                content = new TokenRow.Malformed(
                        malformed.offset(), malformed.reason(), malformed.detail(), malformed.raw());
            }
            TokenRow row = new TokenRow(slice, slot, rank, content);
            slot += row.slots();
            rank += content instanceof TokenRow.Kept ? 1 : 0;
            return row.toBytes();
        }

        private CorpusSpec corpus() {
            return plan.sources().get(plan.sourceOf()[slice]).corpus();
        }

        private void close() {
            try {
                reader.close();
            } catch (IOException e) {
                throw DatasetException.unreadable(
                        plan.slices().get(slice).file().path(), e);
            } finally {
                tokenizer.close();
            }
        }
    }
}
