package io.sparkpeft.benchmark.input;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.train.BatchSource;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The batches of a measure for other programs, one optimiser step a line: {@code {"sequences": [[token, …], …],
 * "labels": …}}. Labels are one class per sequence, or for a language model one list per sequence, the token to predict
 * at every position, −1 where none is.
 */
public final class BatchFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private BatchFile() {}

    /** Writes the batches of the first steps; a file that is there is replaced. */
    public static void write(Path file, BatchSource<TokenBatch> source, int steps) {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (int step = 0; step < steps; step++) {
                writer.write(line(source.microBatches(step)));
                writer.newLine();
            }
        } catch (IOException e) {
            throw new JobException(FailureKind.INPUT, "Cannot write batches to %s: %s".formatted(file, e), e);
        }
    }

    private static String line(List<TokenBatch> batches) {
        ObjectNode line = JSON.createObjectNode();
        ArrayNode sequences = line.putArray("sequences");
        ArrayNode labels = line.putArray("labels");
        for (TokenBatch batch : batches) {
            for (int s = 0; s < batch.examples(); s++) {
                int from = batch.offsets()[s];
                int to = batch.offsets()[s + 1];
                addAll(batch.tokens(), from, to, sequences.addArray());
                if (batch.objective().isLanguageModel()) {
                    addAll(batch.labels(), from, to, labels.addArray());
                } else {
                    labels.add(batch.labels()[s]);
                }
            }
        }
        return line.toString();
    }

    private static void addAll(int[] values, int from, int to, ArrayNode array) {
        for (int i = from; i < to; i++) {
            array.add(values[i]);
        }
    }
}
