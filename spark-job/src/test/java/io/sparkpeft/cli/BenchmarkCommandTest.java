package io.sparkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarkCommandTest {
    private static final String TINY = "--hidden 8 --layers 2 --heads 2 --feed-forward 12 --vocabulary 40";
    private static final String SHORT = " --steps 3 --warmup 2 --profile-steps 2";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    private int run(String arguments) {
        List<String> all = new ArrayList<>(List.of("benchmark"));
        all.addAll(Arrays.asList(arguments.split(" ")));
        Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), false);
        return new CommandLineProgram(
                        new RecordingProgram(), console, new PrintStream(errors, true, StandardCharsets.UTF_8))
                .run(all.toArray(String[]::new));
    }

    private JsonNode measured(String arguments) throws IOException {
        assertThat(run(arguments + " --json"))
                .as(errors.toString(StandardCharsets.UTF_8))
                .isZero();
        return new ObjectMapper().readTree(out.toByteArray());
    }

    @Test
    void measuresStepsOfEveryFamilyOnSeveralThreads() throws IOException {
        JsonNode report = measured("step --batch 4 --length 6 --tasks 2 " + TINY + SHORT);

        assertThat(report.get("tokens").asLong()).isEqualTo(2 * 3 * 4 * 6);
        assertThat(report.get("examples").asLong()).isEqualTo(2 * 3 * 4);
        assertThat(report.get("tuned")).isEqualTo(report.get("weights"));
        assertThat(report.get("step_min_ms").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(report.get("step_median_ms").asDouble());
        assertThat(report.get("kernels").get("gemm").get("calls").asDouble()).isPositive();

        out.reset();
        JsonNode masked = measured("step --shape gpt2-small --objective language-model --density 0.1 --batch 4 "
                + "--length 6 " + TINY + SHORT);
        assertThat(masked.get("tuned").asDouble())
                .isBetween(
                        0.09 * masked.get("weights").asDouble(),
                        0.11 * masked.get("weights").asDouble());
    }

    @Test
    void makesNoMoreOfTheWorkThanADenseStepAsksFor() throws IOException {
        JsonNode report = measured("step --objective language-model --batch 4 --length 6 " + TINY + SHORT);

        assertThat(report.get("done_gflop").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(1.05 * report.get("dense_gflop").asDouble());
    }

    @Test
    void runsAnEpochOverACorpusAndWritesItsBatches() throws IOException {
        Path corpus = Files.writeString(
                folder.resolve("corpus.tsv"),
                "label\ttext\n" + "1\tred green red\n0\tblue\n1\tgreen\n0\tred blue green\n1\tred\n");
        Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nred\ngreen\nblue\n");
        Path batches = folder.resolve("batches.jsonl");

        JsonNode report = measured("epoch --corpus %s --tokenizer %s --batch 2 --density 0.5 --write-batches %s %s"
                .formatted(corpus, folder, batches, TINY + " --warmup 2"));

        // Three, one, one, three and one word, each between [CLS] and [SEP].
        assertThat(report.get("tokens").asLong()).isEqualTo(9 + 5 * 2);
        assertThat(report.get("steps").asLong()).isEqualTo(3);
        List<String> lines = Files.readAllLines(batches);
        assertThat(lines).hasSize(3);
        int tokens = 0;
        for (String line : lines) {
            for (JsonNode sequence : new ObjectMapper().readTree(line).get("sequences")) {
                tokens += sequence.size();
                assertThat(sequence.get(0).intValue()).isEqualTo(2);
                assertThat(sequence.get(sequence.size() - 1).intValue()).isEqualTo(3);
            }
        }
        assertThat(tokens).isEqualTo(report.get("tokens").intValue());
    }

    @Test
    void comparesImportanceWithTraining() throws IOException {
        JsonNode report = measured("importance --examples 8 --batch 4 --length 6 --rounds 3 " + TINY);

        assertThat(report.get("examples").asInt()).isEqualTo(8);
        assertThat(report.get("ratio_min_times").asDouble()).isPositive();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            step --heads 3 | 2 | Invalid shape: --hidden 256 must be a multiple of --heads 3
            step --layers -1 | 2 | Invalid shape: --hidden 256, --layers -1, --heads 4
            step --heads 4 --key-value-heads 2 | 2 | Invalid --key-value-heads: 2, but the 4 heads of bert have
            step --shape bert-huge | 2 | Invalid --shape: bert-huge is none of bert-base, bert-mini,
            step --family t5 | 2 | Invalid --family: t5 is none of bert, gpt2, llama
            step --density 0 | 2 | Invalid --density: 0.0 must be above 0
            step --density 0.5 --criterion wanda | 2 | Invalid --criterion: wanda is none that says which weights to
            step --criterion nothing | 2 | Invalid --criterion: nothing is none that says which weights to tune: fisher
            step --granularity blocks | 2 | Invalid --granularity: blocks is none of element, rows, columns
            step --backend gpu | 2 | Invalid --backend: gpu is none of cpu,
            step --precision half | 2 | Invalid --precision: half is none of float32, tf32, bf16
            step --precision bf16 | 2 | Invalid --precision: the backend cpu does not know bf16
            step --frozen-weights int8 | 2 | Invalid --frozen-weights: int8 is none of float32, bf16
            step --objective translation | 2 | Invalid --objective: translation is none of classification, language
            step --batch 0 | 2 | Invalid step: --batch 0 and --length 64 must be above 0, and --micro-batch-tokens 4096
            step --length 5000 | 2 | Invalid step: --batch 16 and --length 5000 must be above 0, and --micro-batch-tokens
            step --length 600 --layers 1 | 2 | Invalid --length: 600 tokens are more than the 512 that the model takes
            step --steps -1 | 2 | Invalid measure: --steps -1, --warmup 30 and --profile-steps 5 must not be negative
            step --tasks 0 | 2 | Invalid measure: --steps 30, --warmup 30 and --profile-steps 5 must not be negative, --tasks 0
            step --seed many | 2 | Invalid value for option '--seed': 'many' is not a long
            step --model /no/such/model | 3 | Cannot read /no/such/model/config.json: there is no such file
            step --write-batches /no/such/directory/file | 3 | Cannot write batches to /no/such/directory/file
            epoch | 2 | Missing required option: '--corpus=FILE'
            epoch --corpus x.tsv | 2 | Cannot read x.tsv: neither --tokenizer nor --model is given
            epoch --corpus x.tsv --tokenizer /no/such/place | 3 | Cannot read tokenizer: there is none in /no/such
            epoch --corpus x.tsv --tokenizer t --format xls | 2 | Invalid --format: xls is none of auto, text, tsv, csv
            epoch --corpus x.tsv --tokenizer t --text-unit word | 2 | Invalid --text-unit: word is none of line, paragraph
            epoch --corpus x.tsv --tokenizer t --min-tokens -1 | 2 | Invalid --min-tokens: -1 must not be negative
            epoch --corpus x.tsv --tokenizer t --max-length 0 | 2 | Invalid --max-length: 0 must be above 0
            epoch --corpus x.tsv --tokenizer t --batch 0 | 2 | Invalid step: --batch 0 and --micro-batch-tokens 4096
            importance --examples 1000 | 2 | Invalid --examples: 1000 are no multiple of --batch 16
            importance --batch 0 | 2 | Invalid step: --batch 0 and --length 64 must be above 0
            importance --rounds 0 | 2 | Invalid measure: --examples 1024 and --rounds 0 must be above 0
            importance --criterion magnitude | 2 | Invalid --criterion: magnitude needs no pass over data
            round --moments half | 2 | Invalid --moments: half is none of average, average-bf16, reset
            round --shape bert-huge | 2 | Invalid --shape: bert-huge is none of bert-base, bert-mini,
            round --shards 0 | 2 | Invalid rounds: --weights 10000 and --shards 0 must be above 0
            round --shards 2000000 | 2 | Invalid rounds: --weights 10000 and --shards 2000000 must be above 0 and --shards at
            round --weights 0 | 2 | Invalid rounds: --weights 0 and --shards 1 must be above 0
            round --steps 100000000 | 2 | Invalid rounds: --rounds 60 of --steps 100000000 are more than 2147483647 steps
            merge --method sum | 2 | Invalid --method: sum is none of driver, shuffle, tree
            merge --repeats 0 | 2 | Invalid merge: --weights 1000000, --shards 8 and --repeats 0 must be above 0
            stp | 2 | Unknown command stp: did you mean step?
            """)
    void saysWhatIsWrong(String arguments, int exitCode, String sentence) {
        assertThat(run(arguments)).isEqualTo(exitCode);
        assertThat(errors.toString(StandardCharsets.UTF_8)).startsWith(sentence).hasLineCount(1);
    }

    @Test
    void saysWhereABackendComesFromThatIsNotThere() {
        assertThat(run("step --backend cuda")).isEqualTo(2);
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .startsWith("Invalid --backend: cuda is none of cpu,")
                .endsWith("; cuda is in spark-peft-cuda.jar, which goes beside spark-peft.jar\n");
    }

    @Test
    void saysThatTheCorpusIsMissing() throws IOException {
        Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nred\n");
        assertThat(run("epoch --corpus %s/none.tsv --tokenizer %s".formatted(folder, folder)))
                .isEqualTo(3);
        assertThat(errors.toString(StandardCharsets.UTF_8)).startsWith("Cannot read " + folder + "/none.tsv");
    }
}
