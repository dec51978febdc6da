package io.sparkpeft.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.param.Fingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers of a serving directory see whole versions of finished runs only. */
class PromotionTest {
    private static final String HASH = hash("weights");
    private static final String VERSION = HASH.substring(0, 16);

    @TempDir
    private Path folder;

    private Path run;
    private Path serving;

    @BeforeEach
    void makeRun() throws IOException {
        run = finishedRun("run", "weights");
        serving = folder.resolve("serving");
    }

    private static String adapter(String weights) {
        return "delta of " + weights;
    }

    private static String hash(String weights) {
        return new Fingerprint()
                .add(adapter(weights).getBytes(StandardCharsets.UTF_8))
                .hex();
    }

    private Path finishedRun(String name, String weights) throws IOException {
        Path directory = Files.createDirectories(folder.resolve(name));
        Files.createDirectories(directory.resolve("model"));
        Files.createDirectories(directory.resolve("adapter"));
        Files.writeString(directory.resolve("model/model.safetensors"), weights);
        Files.writeString(directory.resolve("model/config.json"), "{}");
        Files.writeString(directory.resolve("adapter/adapter.delta"), adapter(weights));
        Files.writeString(directory.resolve("manifest.json"), "{}");
        Files.writeString(directory.resolve("recipe.conf"), "");
        Files.writeString(directory.resolve("result.json"), """
                {"result-mode": "masked", "modes": {"masked": {"exported": {"adapter-sha256": "%s"}}}}""".formatted(hash(weights)));
        Files.writeString(directory.resolve("_SUCCESS"), "");
        return directory;
    }

    private String promote(Path directory) {
        return Promotion.promote(directory.toString(), serving.toString(), new Configuration());
    }

    private JsonNode current() throws IOException {
        return new ObjectMapper().readTree(serving.resolve("current.json").toFile());
    }

    @Test
    void theCurrentVersionHoldsWhatTheRunMade() throws IOException {
        assertThat(promote(run)).isEqualTo(VERSION);
        assertThat(current().get("version").asText()).isEqualTo(VERSION);
        assertThat(current().get("adapter-sha256").asText()).isEqualTo(HASH);
        Path version = serving.resolve("versions").resolve(VERSION);
        for (String file : List.of(
                "model/model.safetensors",
                "model/config.json",
                "adapter/adapter.delta",
                "manifest.json",
                "recipe.conf",
                "result.json")) {
            assertThat(version.resolve(file)).hasSameBinaryContentAs(run.resolve(file));
        }
        assertThat(Path.of(java.net.URI.create(current().get("model").asText())))
                .isEqualTo(version.resolve("model"));
    }

    @Test
    void promotingAgainCopiesNothingAndGoingBackIsPromotingTheOlderRun() throws IOException {
        promote(run);
        Path weights = serving.resolve("versions").resolve(VERSION).resolve("model/model.safetensors");
        Files.writeString(weights, "must not be written again");
        promote(run);
        assertThat(weights).hasContent("must not be written again");

        Path newer = finishedRun("newer", "newer weights");
        promote(newer);
        assertThat(current().get("version").asText())
                .isEqualTo(hash("newer weights").substring(0, 16));
        promote(run);
        assertThat(current().get("version").asText()).isEqualTo(VERSION);
        try (Stream<Path> versions = Files.list(serving.resolve("versions"))) {
            assertThat(versions).hasSize(2);
        }
    }

    @Test
    void aVersionThatWasCopiedInPartIsCopiedAgain() throws IOException {
        promote(run);
        Path version = serving.resolve("versions").resolve(VERSION);
        Files.delete(version.resolve("_SUCCESS"));
        Files.delete(version.resolve("model/model.safetensors"));
        promote(run);
        assertThat(version.resolve("model/model.safetensors")).hasContent("weights");
        assertThat(version.resolve("_SUCCESS")).exists();
    }

    @Test
    void whatIsNotFinishedOrNotGoodEnoughIsRefusedAndNothingChanges() throws IOException {
        Files.delete(run.resolve("_SUCCESS"));
        assertRefused(FailureKind.INPUT, "Cannot promote file:" + run + ": there is no finished run (no _SUCCESS)");
        Files.writeString(run.resolve("_GATE_NOT_MET"), "");
        assertRefused(
                FailureKind.GATE,
                "Cannot promote file:" + run + ": its result does not meet the limits of evaluate.gate");
        Files.delete(run.resolve("_GATE_NOT_MET"));
        Files.writeString(run.resolve("_SUCCESS"), "");
        Files.writeString(run.resolve("result.json"), "{\"result-mode\": \"masked\"}");
        assertRefused(
                FailureKind.INPUT,
                "Cannot promote file:" + run + ": result.json has no adapter-sha256 of its result-mode");
        Files.writeString(run.resolve("result.json"), "{");
        assertThatThrownBy(() -> promote(run))
                .hasMessageStartingWith("Cannot read file:" + run + "/result.json: it is damaged (");
        assertThat(serving).doesNotExist();
    }

    @Test
    void aRunWithoutAModelIsRefused() throws IOException {
        Files.delete(run.resolve("model/model.safetensors"));
        Files.delete(run.resolve("model/config.json"));
        String message = "Cannot promote file:" + run
                + ": there is no model in it (no files in model/); it takes a run with output.export-model=true";
        assertRefused(FailureKind.INPUT, message);
        Files.delete(run.resolve("model"));
        assertRefused(FailureKind.INPUT, message);
        assertThat(serving).doesNotExist();
    }

    @Test
    void anAdapterThatIsNotTheResultsIsRefused() throws IOException {
        Files.writeString(run.resolve("adapter/adapter.delta"), "of another driver");
        assertRefused(
                FailureKind.INPUT,
                "Cannot promote file:" + run + ": adapter/adapter.delta is not the one that result.json names: "
                        + "its SHA-256 is not adapter-sha256");
        assertThat(serving).doesNotExist();
    }

    private void assertRefused(FailureKind kind, String message) {
        assertThatThrownBy(() -> promote(run))
                .isInstanceOfSatisfying(JobException.class, failure -> assertThat(failure.kind())
                        .isEqualTo(kind))
                .hasMessage(message);
    }
}
