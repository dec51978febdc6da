package io.sparkpeft.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.clusters.daemon.Directories;
import io.sparkpeft.clusters.daemon.Hadoop;
import io.sparkpeft.clusters.daemon.S3;
import io.sparkpeft.clusters.daemon.Standalone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Corpora and run directories on S3, alone and beside HDFS, and that its secret is nowhere to be read. */
class S3IT {
    /** As conf/s3.properties has it: tables appear where they belong, without a rename. */
    private static final List<String> MAGIC_COMMITTER = List.of(
            "spark.hadoop.fs.s3a.committer.name magic",
            "spark.sql.sources.commitProtocolClass org.apache.spark.internal.io.cloud.PathOutputCommitProtocol",
            "spark.sql.parquet.output.committer.class org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter");

    @Test
    void aRunOnS3GoesOnAfterItsDriverWasKilledAndTellsNoSecret() throws Exception {
        World world = World.shared();
        S3 s3 = withCorpora(world);
        Path events = Directories.create("events");
        List<String> more = new ArrayList<>(MAGIC_COMMITTER);
        more.addAll(List.of("spark.eventLog.enabled true", "spark.eventLog.dir " + events.toUri()));
        Path properties = properties("s3", s3, more);
        Path recipe = World.recipe("s3", s3.uri() + "/world", s3.uri() + "/world", s3.uri() + "/runs/s3");
        Submission submission = Submission.to("s3", "local[2]").with("--properties-file", properties.toString());

        submission.runUntil(() -> hasCheckpoint(s3.object("runs/s3/checkpoints")), "finetune", recipe.toString());
        assertThat(s3.object("runs/s3/_SUCCESS")).doesNotExist();

        Submission.Ended ended = submission.run("finetune", recipe.toString()).requireSuccess();
        assertThat(ended.output()).contains("going on with the interrupted run").doesNotContain(S3.SECRET_KEY);
        assertThat(s3.object("runs/s3/adapter/adapter.delta")).hasBinaryContent(world.expectedAdapter());
        assertPredicts(submission, world, recipe, s3);
        assertThat(filesWithSecret(s3.object("runs"))).isEmpty();
        assertThat(filesWithSecret(s3.object("predictions"))).isEmpty();
        assertThat(filesWithSecret(events)).isEmpty();
        assertThat(Files.readString(s3.object("runs/s3/manifest.json"))).contains("fs.s3a.secret.key");
    }

    /** Scores a corpus on S3 into Parquet on S3, as the same model scores it on local disk. */
    private static void assertPredicts(Submission submission, World world, Path recipe, S3 s3) throws Exception {
        Path local = world.directory().resolve("predictions");
        String[] there = {s3.uri() + "/world/task-a/dev.tsv", s3.uri() + "/predictions"};
        String[] here = {world.directory().resolve("task-a/dev.tsv").toString(), local.toString()};
        for (String[] places : List.of(there, here)) {
            submission
                    .run("predict", recipe.toString(), "--input", places[0], "--predictions", places[1])
                    .requireSuccess();
        }
        assertThat(s3.object("predictions/_SUCCESS")).content().contains("\"committer\" : \"magic\"");
        assertThat(tables(s3.object("predictions"))).isNotEmpty().containsExactlyElementsOf(tables(local));
    }

    /** The pages of the Parquet files of a directory; the footers behind them name encodings in any order. */
    private static List<byte[]> tables(Path directory) throws IOException {
        List<byte[]> tables = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".parquet"))
                    .sorted()
                    .toList()) {
                ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
                int end = bytes.limit() - 2 * Integer.BYTES;
                tables.add(Arrays.copyOf(bytes.array(), end - bytes.getInt(end)));
            }
        }
        return tables;
    }

    @Test
    void executorsOnTwoWorkersReadFromS3AndTheRunIsOnHdfs() throws Exception {
        World world = World.shared();
        S3 s3 = withCorpora(world);
        Hadoop hadoop = Hadoop.shared();
        Standalone cluster = Standalone.shared();
        String run = hadoop.uri() + "/runs/mixed";
        Path recipe = World.recipe("mixed", world.directory().toUri(), s3.uri() + "/world", run);
        Submission.to("mixed", cluster.master())
                .with("--properties-file", properties("mixed", s3, List.of()).toString())
                .with("--conf", "spark.executor.cores=1", "--conf", "spark.cores.max=2")
                .in(Map.of("HADOOP_CONF_DIR", hadoop.configurationDirectory().toString()))
                .run("finetune", recipe.toString())
                .requireSuccess();
        assertThat(HdfsIT.read(hadoop.files(), run + "/adapter/adapter.delta")).isEqualTo(world.expectedAdapter());
        assertThat(filesWithSecret(cluster.directory())).isEmpty();
        assertThat(executors(cluster)).as("executor processes").isGreaterThanOrEqualTo(2);
    }

    private static long executors(Standalone cluster) throws IOException {
        try (Stream<Path> files = Files.walk(cluster.directory())) {
            return files.filter(file -> file.endsWith("stderr")).count();
        }
    }

    /** The server, with model and corpora on it. */
    static S3 withCorpora(World world) throws IOException {
        S3 s3 = S3.shared();
        for (String part : List.of("model", "task-a", "heldout.jsonl")) {
            try (Stream<Path> files = Files.walk(world.directory().resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String key = "world/" + world.directory().relativize(file);
                    if (!Files.exists(s3.object(key))) {
                        s3.put(key, file);
                    }
                }
            }
        }
        return s3;
    }

    private static Path properties(String name, S3 s3, List<String> more) throws IOException {
        List<String> lines = new ArrayList<>(s3.properties());
        lines.addAll(more);
        return Files.write(Directories.create("properties-" + name).resolve("s3.properties"), lines);
    }

    private static boolean hasCheckpoint(Path checkpoints) {
        if (!Files.isDirectory(checkpoints)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(checkpoints)) {
            return files.anyMatch(file -> file.endsWith("manifest.json"));
        } catch (IOException | UncheckedIOException e) {
            // It changes while it is looked at.
            return false;
        }
    }

    private static List<Path> filesWithSecret(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).filter(S3IT::hasSecret).toList();
        }
    }

    private static boolean hasSecret(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(S3.SECRET_KEY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
