package io.sparkpeft.datasets.prepare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.corpus.FileSlice;
import io.sparkpeft.datasets.io.SafeFiles;
import io.sparkpeft.datasets.prepare.plan.PreparePlan;
import io.sparkpeft.datasets.row.LabelIndex;
import io.sparkpeft.datasets.row.TokenRow;
import io.sparkpeft.datasets.shard.ShardPaths;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/** Sets malformed records aside: one file of JSON Lines per corpus, in the order of the corpus. */
final class Quarantine {
    static final String UNSEEN_LABEL = "label unseen in training";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Quarantine() {}

    /** Why a record cannot be used; empty if it can, or need not. */
    static Optional<TokenRow.Malformed> reason(Placement placement, LabelIndex labels, TokenRow row) {
        if (!placement.isWithinLimit(row)) {
            return Optional.empty();
        }
        if (row.content() instanceof TokenRow.Malformed malformed) {
            return Optional.of(malformed);
        }
        if (row.content() instanceof TokenRow.Kept kept && !labels.knows(kept.label())) {
            return Optional.of(new TokenRow.Malformed(-1, UNSEEN_LABEL, kept.label(), ""));
        }
        return Optional.empty();
    }

    /**
     * Writes the quarantine.
     *
     * @return the first record of each corpus that has any
     */
    static Map<Integer, String> write(JavaRDD<byte[]> rows, Placement placement, LabelIndex labels) {
        PreparePlan plan = placement.plan();
        return rows
                .flatMapToPair(bytes -> {
                    TokenRow row = TokenRow.fromBytes(bytes);
                    long key = Placement.key(placement.source(row), placement.ordinal(row));
                    return reason(placement, labels, row)
                            .map(malformed -> new Tuple2<>(key, line(placement, row, malformed)))
                            .stream()
                            .iterator();
                })
                .repartitionAndSortWithinPartitions(new BySource(plan.sources().size()))
                .mapPartitionsWithIndex((source, lines) -> write(plan, source, lines), false)
                .collect()
                .stream()
                .collect(Collectors.toMap(Tuple2::_1, Tuple2::_2, (a, b) -> a, TreeMap::new));
    }

    /** Refuses a corpus with too many malformed records. */
    static void requireShare(
            double allowed, Placement placement, int source, long records, Map<String, Long> reasons, String first) {
        long malformed = reasons.values().stream().mapToLong(Long::longValue).sum();
        if (malformed <= allowed * records) {
            return;
        }
        String counts = reasons.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        throw DatasetException.input(
                "Cannot use %s: %d of %d records (%s) are malformed and %s are allowed (%s); the first is %s; all are in %s",
                placement.plan().sources().get(source).corpus().paths(),
                malformed,
                records,
                percent((double) malformed / records),
                percent(allowed),
                counts,
                describe(first),
                ShardPaths.quarantine(placement.plan().output(), source));
    }

    private static Iterator<Tuple2<Integer, String>> write(
            PreparePlan plan, int source, Iterator<Tuple2<Long, String>> lines) throws IOException {
        if (!lines.hasNext()) {
            return List.<Tuple2<Integer, String>>of().iterator();
        }
        String first = lines.next()._2();
        SafeFiles.write(plan.configuration(), ShardPaths.quarantine(plan.output(), source), path -> {
            try (OutputStream out = path.getFileSystem(plan.configuration()).create(path, true)) {
                out.write(first.getBytes(StandardCharsets.UTF_8));
                out.write('\n');
                while (lines.hasNext()) {
                    out.write(lines.next()._2().getBytes(StandardCharsets.UTF_8));
                    out.write('\n');
                }
            }
        });
        return List.of(new Tuple2<>(source, first)).iterator();
    }

    private static String line(Placement placement, TokenRow row, TokenRow.Malformed malformed) {
        FileSlice slice = placement.plan().slices().get(row.slice());
        ObjectNode line = MAPPER.createObjectNode();
        line.put("record", placement.ordinal(row));
        line.put("file", slice.file().path());
        if (malformed.offset() >= 0) {
            line.put("offset", malformed.offset());
        }
        line.put("reason", malformed.reason());
        line.put("detail", malformed.detail());
        line.put("raw", malformed.raw());
        return line.toString();
    }

    private static String describe(String line) {
        try {
            var json = MAPPER.readTree(line);
            String detail = json.path("detail").asText();
            return "record %d in %s: %s%s"
                    .formatted(
                            json.path("record").asLong(),
                            json.path("file").asText(),
                            json.path("reason").asText(),
                            detail.isEmpty() ? "" : " (" + detail + ")");
        } catch (IOException e) {
            throw new IllegalStateException("Cannot read back the quarantine: " + line, e);
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    private static final class BySource extends Partitioner {
        private static final long serialVersionUID = 1;

        private final int sources;

        BySource(int sources) {
            this.sources = sources;
        }

        @Override
        public int numPartitions() {
            return sources;
        }

        @Override
        public int getPartition(Object key) {
            return Placement.bucket((Long) key);
        }
    }
}
