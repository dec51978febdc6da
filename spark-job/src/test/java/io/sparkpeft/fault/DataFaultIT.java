package io.sparkpeft.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.JobResult;
import io.sparkpeft.SmallWorld;
import io.sparkpeft.datasets.DatasetException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Data that is too little or bad. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DataFaultIT {
    private static FaultWorld world;
    private static SparkSession spark;

    @BeforeAll
    static void start() {
        world = FaultWorld.shared();
        spark = SmallWorld.session("local[2,4]");
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void shardsWithoutExamplesTakeNoPart() {
        SmallWorld.Record record = new SmallWorld.Record();
        String[] changes = {"data.shards=64", "data.limit=12", "importance.examples=12", "data.cache=\"\""};
        JobResult result = FaultWorld.run(spark, world.recipe("empty", changes), record);
        assertThat(record.rounds).hasSize(FaultWorld.ROUNDS).allSatisfy(round -> {
            assertThat(round.examples()).isPositive();
            assertThat(round.loss()).isFinite();
        });
        assertThat(result.outcome().ending()).isPresent();
        assertThat(world.run("empty").resolve("_SUCCESS")).exists();
        System.out.println(
                "fault: 12 examples on 64 shards: most of them are empty, all rounds were made of the others");
    }

    @Test
    void badRowsAreSetAsideUpToTheShareAndNamedBeyondIt() throws IOException {
        Path file = world.file("poisoned.tsv");
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        rows.write(Files.readAllBytes(world.file("task-a/train.tsv")));
        List<byte[]> bad = List.of(
                text("no label here\n"),
                text("\tan empty label\n"),
                new byte[] {'0', '\t', (byte) 0xc3, (byte) 0x28, '\n'},
                text("0\t\n"));
        for (byte[] row : bad) {
            rows.write(row);
        }
        String first = Files.readAllLines(world.file("task-a/train.tsv")).get(1);
        rows.write(text(
                first + first.substring(first.indexOf('\t')).replace('\t', ' ').repeat(2_000) + "\n"));
        Files.write(file, rows.toByteArray());
        String[] paths = {"data.train.paths=[\"" + file + "\"]", "data.limit=0", "data.cache=\"\""};

        SmallWorld.Record record = new SmallWorld.Record();
        FaultWorld.run(spark, world.recipe("poison", paths), record);
        assertThat(record.rounds).hasSize(FaultWorld.ROUNDS);
        assertThat(record.sentences)
                .contains("data: 4 rows could not be used "
                        + "({empty text=1, missing label=1, not UTF-8=1, wrong number of columns=1})")
                .anyMatch(sentence -> sentence.startsWith("data, train: 2,001 examples"));

        assertThatThrownBy(() -> FaultWorld.run(
                        spark,
                        world.recipe("poison-refused", paths[0], paths[1], paths[2], "data.quarantine-share=0"),
                        new SmallWorld.Record()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("records")
                .hasMessageContaining("the first is record");
        System.out.println(
                "fault: four rows without text, label or UTF-8 were set aside and counted, one far too long was"
                        + " cut; with data.quarantine-share=0 refused, the first named with file and record");
    }

    private static byte[] text(String row) {
        return row.getBytes(StandardCharsets.UTF_8);
    }
}
