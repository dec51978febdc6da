package io.sparkpeft.dl4j.finetune.table;

import io.sparkpeft.config.DataRecipe;
import io.sparkpeft.config.DataRecipe.Format;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructType;

/** Reads Parquet, CSV and TSV files into rows of numbers and a label. */
final class TableFiles {
    private final SparkSession session;
    private final DataRecipe data;
    private final int width;

    /** @param width numbers that the network takes */
    TableFiles(SparkSession session, DataRecipe data, int width) {
        this.session = session;
        this.data = data;
        this.width = width;
    }

    /**
     * The rows, unusable ones among them.
     *
     * @throws JobException if files or columns are not there, or are not as many as the network's inputs
     */
    JavaRDD<TableRow> rows(DataRecipe.Source source) {
        Dataset<Row> table = table(source);
        List<String> names = Arrays.asList(table.columns());
        String where = String.join(", ", source.paths());
        int label = position("data.label-column", data.labelColumn(), names, where);
        List<Integer> features = new ArrayList<>();
        for (String name : data.featureColumns()) {
            features.add(position("data.feature-columns", name, names, where));
        }
        for (int c = 0; c < names.size() && data.featureColumns().isEmpty(); c++) {
            if (c != label) {
                features.add(c);
            }
        }
        requireWidth(features, table.schema(), where);
        return table.toJavaRDD().map(new TableParser(features, label, width));
    }

    private static int position(String key, String name, List<String> names, String where) {
        if (!names.contains(name)) {
            throw JobException.input("Cannot read %s: there is no column %s, which %s names (there are: %s)"
                    .formatted(where, name, key, String.join(", ", names)));
        }
        return names.indexOf(name);
    }

    private void requireWidth(List<Integer> features, StructType schema, String where) {
        boolean arrays = features.stream().anyMatch(c -> schema.fields()[c].dataType() instanceof ArrayType);
        if (!arrays && features.size() != width) {
            throw JobException.input("Cannot use %s: it has %d feature columns, the network takes %d numbers"
                    .formatted(where, features.size(), width));
        }
    }

    private Dataset<Row> table(DataRecipe.Source source) {
        String[] paths = source.paths().toArray(String[]::new);
        DataFrameReader reader = session.read();
        try {
            return switch (format(source)) {
                case PARQUET -> reader.parquet(paths);
                case CSV -> named(reader.option("header", data.header()).csv(paths));
                default ->
                    named(reader.option("header", data.header())
                            .option("sep", "\t")
                            .csv(paths));
            };
        } catch (Exception e) {
            if ((Object) e instanceof AnalysisException analysis) {
                throw new JobException(
                        FailureKind.INPUT,
                        "Cannot read %s: %s"
                                .formatted(
                                        String.join(", ", paths),
                                        analysis.getMessage()
                                                .lines()
                                                .findFirst()
                                                .orElse("")),
                        e);
            }
            throw e;
        }
    }

    private Dataset<Row> named(Dataset<Row> table) {
        if (data.columns().isEmpty()) {
            return table;
        }
        if (data.columns().size() != table.columns().length) {
            throw JobException.input("Cannot read a table of %d columns: data.columns names %d"
                    .formatted(table.columns().length, data.columns().size()));
        }
        return table.toDF(data.columns().toArray(String[]::new));
    }

    private static Format format(DataRecipe.Source source) {
        if (source.format() == Format.AUTO) {
            String path = source.paths().get(0).toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|bz2)$", "");
            for (Format format : List.of(Format.CSV, Format.TSV, Format.PARQUET)) {
                if (path.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
                    return format;
                }
            }
        } else if (source.format() == Format.CSV
                || source.format() == Format.TSV
                || source.format() == Format.PARQUET) {
            return source.format();
        }
        throw JobException.config(
                "Invalid format of %s: a DL4J network reads csv, tsv or parquet; say which in data.train.format, data.dev.format and data.test.format"
                        .formatted(source.paths().get(0)));
    }
}
