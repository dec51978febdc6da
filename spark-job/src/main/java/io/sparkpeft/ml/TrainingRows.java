package io.sparkpeft.ml;

import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.param.Fingerprint;
import io.sparkpeft.store.file.Storage;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The rows of a DataFrame, kept as Parquet for the job to read: a DataFrame is asked for its rows once, and a run that
 * is started again finds the same. The directory is named by what it holds, so fits to the same rows share it.
 *
 * @param directory of the rows
 */
record TrainingRows(String directory) {
    private static final String TRAINING = TrainingColumns.VALIDATION + "=false";
    private static final String VALIDATION = TrainingColumns.VALIDATION + "=true";
    private static final int NAME_LENGTH = 16;
    private static final int HEXADECIMAL = 16;
    /** Fits of one driver may end up with the same rows at the same time, as those of a grid do. */
    private static final Object NAMING = new Object();

    /**
     * Writes the rows, or finds that they are there already.
     *
     * @param rows as {@link TrainingColumns#select} gives them
     * @param parent directory, on any Hadoop file system, that has the rows' own in it
     */
    static TrainingRows keep(Dataset<Row> rows, String parent) {
        SparkSession session = rows.sparkSession();
        Configuration configuration = session.sparkContext().hadoopConfiguration();
        Storage home = Storage.at(parent, configuration);
        String unnamed = "unnamed-" + UUID.randomUUID();
        try {
            rows.write().partitionBy(TrainingColumns.VALIDATION).parquet(home.uri(unnamed));
            Dataset<Row> written =
                    session.read().schema(TrainingColumns.DIGEST + " STRING").parquet(home.uri(unnamed));
            String name = name(written, String.join(",", rows.columns()));
            synchronized (NAMING) {
                if (!home.exists(name)) {
                    rename(home.uri(unnamed), home.uri(name), configuration);
                }
            }
            return new TrainingRows(home.uri(name));
        } finally {
            home.delete(unnamed);
        }
    }

    /** Says which rows these are: the sum of their digests, which holds the order where a column gives one. */
    private static String name(Dataset<Row> rows, String columns) {
        JavaRDD<BigInteger> digests = rows.select(TrainingColumns.DIGEST)
                .as(Encoders.STRING())
                .toJavaRDD()
                .map(hex -> new BigInteger(hex, HEXADECIMAL));
        if (digests.isEmpty()) {
            throw JobException.input("Cannot fit: the DataFrame has no rows");
        }
        BigInteger sum = digests.reduce(BigInteger::add);
        Fingerprint print = new Fingerprint().add((columns + "\n" + sum).getBytes(StandardCharsets.UTF_8));
        return "rows-" + print.hex().substring(0, NAME_LENGTH);
    }

    private static void rename(String from, String to, Configuration configuration) {
        try {
            Path source = new Path(from);
            FileSystem files = source.getFileSystem(configuration);
            if (!files.rename(source, new Path(to))) {
                throw new IOException("%s cannot be renamed".formatted(from));
            }
        } catch (IOException e) {
            throw new JobException(FailureKind.RETRYABLE, "Cannot write %s: %s".formatted(to, e.getMessage()), e);
        }
    }

    /** Where the rows to train on are. */
    String training() {
        return directory + "/" + TRAINING;
    }

    /** Where the rows held out for validation are. */
    String validation() {
        return directory + "/" + VALIDATION;
    }

    /** @throws JobException if the column of validation leaves nothing to train on or nothing to validate with */
    void requireBoth(String column, Configuration configuration) {
        Storage rows = Storage.at(directory, configuration);
        if (!rows.exists(TRAINING) || !rows.exists(VALIDATION)) {
            throw JobException.input("Cannot fit: %s row is held out for validation (column '%s')"
                    .formatted(rows.exists(TRAINING) ? "no" : "every", column));
        }
    }
}
