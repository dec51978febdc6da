package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.model.Objective;
import io.sparkpeft.model.checkpoint.CheckpointWriter;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.spark.OwnSession;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Predictions are those of the model, one for every record that can be used, in order, whole or not at all. */
class PredictCommandIT {
    private static FinishedRun run;
    private static CommandRunner commands;
    private static Path languageModel;

    @BeforeAll
    static void open() throws IOException {
        run = FinishedRun.shared();
        commands = new CommandRunner();
        languageModel = run.file("language-model");
        writeLanguageModel(run.file("model"), languageModel);
    }

    @AfterAll
    static void close() {
        commands.close();
    }

    private static void writeLanguageModel(Path from, Path to) throws IOException {
        PretrainedModel model =
                Checkpoints.loadRandom(new LocalCheckpointFiles(from), Objective.CAUSAL_LM, List.of(), 5);
        CheckpointWriter writer = new CheckpointWriter(model.outline());
        Files.createDirectories(to);
        Files.write(to.resolve("config.json"), writer.config(OptionalInt.of(0)));
        try (OutputStream out = Files.newOutputStream(to.resolve("model.safetensors"))) {
            writer.writeWeights(model.parameters(), out);
        }
        Files.copy(from.resolve("tokenizer.json"), to.resolve("tokenizer.json"));
    }

    private static CommandRunner.Result predict(String recipe, Object input, String output, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--input", input.toString(), "--predictions", run.file(output).toString()));
        arguments.addAll(List.of(more));
        return commands.run("predict", recipe, arguments.toArray(String[]::new));
    }

    private static List<Row> rows(String output) {
        try (OwnSession spark = OwnSession.of(SmallWorld.session("local[2]"))) {
            return spark.session()
                    .read()
                    .parquet(run.file(output).toString())
                    .orderBy("ordinal")
                    .collectAsList();
        }
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file);
    }

    @Test
    void theAccuracyOfThePredictionsIsTheRuns() throws IOException {
        CommandRunner.Result result = predict(run.recipe(), run.file("task-a/dev.tsv"), "predicted");
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.output()).contains("500 predictions are in file:");
        List<Row> rows = rows("predicted");
        List<String> examples = lines(run.file("task-a/dev.tsv"));
        int right = 0;
        for (int i = 0; i < rows.size(); i++) {
            String[] example = examples.get(i + 1).split("\t");
            Row row = rows.get(i);
            List<Float> probabilities = row.getList(row.fieldIndex("probabilities"));
            String likelier = probabilities.get(0) >= probabilities.get(1) ? "negative" : "positive";
            assertThat(row.<Long>getAs("ordinal")).isEqualTo(i);
            assertThat(row.<String>getAs("text")).isEqualTo(example[1]);
            assertThat(row.<String>getAs("label")).isEqualTo(likelier);
            assertThat(probabilities.get(0) + probabilities.get(1)).isCloseTo(1f, within(1e-5f));
            right += likelier.equals(example[0]) ? 1 : 0;
        }
        assertThat(right / 500.0).isEqualTo(run.measured().values().get("accuracy"));
        assertThat(rows.get(0).schema().apply("probabilities").metadata().getStringArray("labels"))
                .containsExactly("negative", "positive");
        try (Stream<Path> beside = Files.list(run.file(""))) {
            assertThat(beside.map(path -> path.getFileName().toString()))
                    .doesNotContain(".predicted.partial", "predicted.quarantine");
        }
    }

    @Test
    void aLanguageModelGivesTheCrossEntropyThatEvaluationMeasures() {
        String recipe = """
                %s
                task.type = causal-lm
                data { dev.paths = ["%s"], text-column = text }
                evaluate.retention.paths = []
                train.micro-batch-tokens = 100
                """.formatted(run.recipe(), run.file("heldout.jsonl"));
        String model = languageModel.toString();
        CommandRunner.Result result = predict(recipe, run.file("heldout.jsonl"), "scored", "--model", model);
        assertThat(result.exitCode()).as(result.errors()).isZero();
        double loss = 0;
        long tokens = 0;
        for (Row row : rows("scored")) {
            tokens += row.<Integer>getAs("tokens");
            loss += row.<Integer>getAs("tokens") * row.<Double>getAs("cross_entropy");
        }
        CommandRunner.Result evaluation = commands.run("evaluate", recipe, "--model", model);
        assertThat(evaluation.exitCode()).as(evaluation.errors()).isZero();
        String measured = evaluation.output().replaceAll("(?s).*dev +[0-9]+ +([0-9.]+).*", "$1");
        assertThat(loss / tokens).isCloseTo(Double.parseDouble(measured), within(1e-4));
    }

    @Test
    void whatIsThereIsReplacedOnlyByForceAndOnlyByWholePredictions() throws IOException {
        Path two = Files.writeString(run.file("two.jsonl"), "{\"sentence\": \"the\"}\n{\"sentence\": \"near the\"}\n");
        Path one = Files.writeString(run.file("one.jsonl"), "{\"sentence\": \"the\"}\n");
        Path wrong = Files.writeString(run.file("wrong.jsonl"), "{\"words\": \"c\"}\n");
        assertThat(predict(run.recipe(), two, "twice").exitCode()).isZero();

        CommandRunner.Result again = predict(run.recipe(), one, "twice");
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.errors())
                .isEqualTo("Cannot write predictions to %s: there is something already (--force replaces it)"
                        .formatted(run.file("twice")));

        CommandRunner.Result failed = predict(run.recipe(), wrong, "twice", "--force");
        assertThat(failed.exitCode()).isEqualTo(3);
        assertThat(failed.errors()).startsWith("Cannot find column 'sentence' in file:");
        assertThat(rows("twice")).hasSize(2);

        assertThat(predict(run.recipe(), one, "twice", "--force").exitCode()).isZero();
        assertThat(rows("twice")).hasSize(1);
    }

    @Test
    void recordsThatCannotBeUsedAreCountedAndSetAside() throws IOException {
        Path input = Files.writeString(
                run.file("holes.tsv"), "sentence\tpair\nthe\tthe\nwithout pair\n\tthe\nnear the\tnear\n");
        String recipe = run.recipe() + "data.pair-column = pair\n";
        CommandRunner.Result refused = predict(recipe, input, "holes");
        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused.errors())
                .contains("2 of 4 records (50.00 %) are malformed and 1.00 % are allowed")
                .contains("1 empty text, 1 wrong number of columns")
                .contains("the first is in file:" + input + ": wrong number of columns (1 instead of 2)");
        assertThat(run.file("holes")).doesNotExist();

        CommandRunner.Result allowed = predict(recipe, input, "holes", "--set", "data.quarantine-share=0.5");
        assertThat(allowed.exitCode()).as(allowed.errors()).isZero();
        assertThat(allowed.output()).contains("2 of 4 records cannot be used");
        assertThat(rows("holes"))
                .extracting(row -> row.getAs("ordinal") + " " + row.getAs("pair"))
                .containsExactly("0 the", "3 near");
        try (Stream<Path> parts = Files.list(run.file("holes.quarantine"))) {
            List<String> quarantined = new ArrayList<>();
            for (Path part : parts.filter(p -> p.toString().endsWith(".json")).toList()) {
                quarantined.addAll(lines(part));
            }
            assertThat(quarantined).hasSize(2).allMatch(line -> line.contains("\"reason\":"));
        }
    }

    @Test
    void aModelWithoutTheTasksHeadIsRefused() {
        CommandRunner.Result result = predict(
                run.recipe() + "task.labels = [negative, positive]\n",
                run.file("task-a/dev.tsv"),
                "headless",
                "--model",
                languageModel.toString());
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.errors())
                .isEqualTo(
                        "Cannot predict with %s: it was not tuned for the task (score.weight missing); name an adapter"
                                .formatted(languageModel));
        assertThat(run.file("headless")).doesNotExist();
    }
}
