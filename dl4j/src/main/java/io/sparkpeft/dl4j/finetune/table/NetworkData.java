package io.sparkpeft.dl4j.finetune.table;

import io.sparkpeft.config.DataRecipe;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.random.CounterRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import scala.Tuple2;

/**
 * The examples of a network. A row's shard and its place there come from what it holds, so the same rows make the same
 * run, however their files were written.
 *
 * @param train one partition a shard
 * @param dev decides nothing but the gate
 * @param test empty where the recipe names none
 * @param labels names of the classes in the order of the network's outputs
 * @param unusable rows that were left out
 * @param digests of the rows that are used, whatever their order, by what they are used for
 */
public record NetworkData(
        JavaRDD<DataSet> train,
        JavaRDD<DataSet> dev,
        Optional<JavaRDD<DataSet>> test,
        List<String> labels,
        long unusable,
        Map<String, String> digests) {

    /** What the network takes and gives. */
    public record Shape(int inputs, int outputs) {}

    /** @throws JobException if files cannot be read, or do not fit the network */
    public static NetworkData read(SparkSession session, Recipe recipe, Shape shape) {
        return new Reader(session, recipe, shape).read();
    }

    private static final class Reader {
        private final Recipe recipe;
        private final DataRecipe data;
        private final Shape shape;
        private final TableFiles files;
        private long unusable;

        Reader(SparkSession session, Recipe recipe, Shape shape) {
            this.recipe = recipe;
            this.data = recipe.data();
            this.shape = shape;
            this.files = new TableFiles(session, data, shape.inputs());
        }

        NetworkData read() {
            JavaRDD<TableRow> all = usable(data.train());
            JavaRDD<TableRow> train = all;
            JavaRDD<TableRow> dev;
            Optional<JavaRDD<TableRow>> test = Optional.empty();
            if (data.split().by() == DataRecipe.SplitRule.HASH) {
                double forDev = data.split().dev();
                double forTest = data.split().test();
                train = drawn(all, forDev + forTest, 1);
                dev = drawn(all, 0, forDev);
                if (forTest > 0) {
                    test = Optional.of(drawn(all, forDev, forDev + forTest));
                }
            } else {
                dev = usable(data.dev());
                if (!data.test().isEmpty()) {
                    test = Optional.of(usable(data.test()));
                }
            }
            List<String> labels = labels(train);
            Map<String, String> digests = new TreeMap<>();
            digests.put("train", digest(train));
            digests.put("dev", digest(dev));
            test.ifPresent(rows -> digests.put("test", digest(rows)));
            return new NetworkData(
                    examples(train, labels),
                    examples(dev, labels),
                    test.map(rows -> examples(rows, labels)),
                    labels,
                    unusable,
                    digests);
        }

        private JavaRDD<TableRow> usable(DataRecipe.Source source) {
            JavaRDD<TableRow> rows = files.rows(source).persist(StorageLevel.MEMORY_AND_DISK());
            List<TableRow> problems = rows.filter(row -> !row.isUsable()).take(1);
            JavaRDD<TableRow> usable = rows.filter(TableRow::isUsable);
            if (!problems.isEmpty()) {
                long all = rows.count();
                long bad = all - usable.count();
                unusable += bad;
                if (bad > data.quarantineShare() * all) {
                    throw JobException.input(
                            "Cannot read %s: %d of %d rows cannot be used, which is more than data.quarantine-share = %s; the first: %s"
                                    .formatted(
                                            String.join(", ", source.paths()),
                                            bad,
                                            all,
                                            data.quarantineShare(),
                                            problems.get(0).problem()));
                }
            }
            return usable;
        }

        private JavaRDD<TableRow> drawn(JavaRDD<TableRow> rows, double from, double to) {
            long seed = recipe.seed();
            return rows.filter(row -> {
                double drawn = CounterRandom.uniform(seed, row.hash());
                return drawn >= from && drawn < to;
            });
        }

        private List<String> labels(JavaRDD<TableRow> rows) {
            List<String> found = recipe.task().labels();
            if (found.isEmpty()) {
                found = rows.map(TableRow::label).distinct().collect().stream()
                        .sorted(Comparator.comparing(Reader::number).thenComparing(Comparator.naturalOrder()))
                        .toList();
            }
            if (found.size() != shape.outputs()) {
                List<String> shown = found.subList(0, Math.min(10, found.size()));
                throw JobException.input(
                        "Cannot use the data: its labels are of %d classes (%s%s), the network has %d outputs"
                                .formatted(
                                        found.size(),
                                        String.join(", ", shown),
                                        shown.size() < found.size() ? ", …" : "",
                                        shape.outputs()));
            }
            return found;
        }

        private static String digest(JavaRDD<TableRow> rows) {
            long sum = rows.map(row -> CounterRandom.mix(row.hash(), 1)).fold(0L, Long::sum);
            return "%016x of %d rows".formatted(sum, rows.count());
        }

        /** Numbers in their own order, before all else. */
        private static double number(String label) {
            return label.matches("-?\\d{1,15}(\\.\\d+)?") ? Double.parseDouble(label) : Double.MAX_VALUE;
        }

        private JavaRDD<DataSet> examples(JavaRDD<TableRow> rows, List<String> labels) {
            List<String> unknown = rows.map(TableRow::label).distinct().collect().stream()
                    .filter(label -> !labels.contains(label))
                    .sorted()
                    .toList();
            if (!unknown.isEmpty()) {
                throw JobException.input("Cannot use the data: a row's label %s is not in %s (there are: %s)"
                        .formatted(
                                unknown.get(0),
                                recipe.task().labels().isEmpty() ? "the training data" : "task.labels",
                                String.join(", ", labels)));
            }
            return rows.mapToPair(row -> new Tuple2<>(row.hash(), row))
                    .repartitionAndSortWithinPartitions(new HashPartitioner(data.shards()))
                    .values()
                    .map(row -> example(row, labels));
        }

        private static DataSet example(TableRow row, List<String> labels) {
            INDArray oneHot = Nd4j.zeros(1, labels.size());
            oneHot.putScalar(0, labels.indexOf(row.label()), 1);
            return new DataSet(Nd4j.create(new float[][] {row.features()}), oneHot);
        }
    }
}
