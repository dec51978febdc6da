package io.sparkpeft.promote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.param.Fingerprint;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Makes what a finished run made the current version of a serving directory:
 *
 * <pre>
 * versions/0123456789abcdef/   model/, adapter/, result.json, manifest.json and recipe.conf of the run, _SUCCESS last
 * current.json                 which version readers take
 * </pre>
 *
 * A version is named by the first 16 digits of its adapter's SHA-256, so promoting the same result again copies nothing.
 * Replacing {@code current.json} is the one step that readers see; they have the old version or the new, never a part.
 * Older versions stay: going back is promoting the older run again.
 */
public final class Promotion {
    /** The file that names the current version. */
    public static final String CURRENT = "current.json";

    private static final String VERSIONS = "versions";
    private static final int VERSION_DIGITS = 16;
    private static final List<String> DIRECTORIES = List.of(RunDirectory.MODEL, RunDirectory.ADAPTER);
    private static final List<String> FILES = List.of(RunDirectory.RESULT, RunDirectory.MANIFEST, RunDirectory.RECIPE);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Storage run;
    private final Storage target;

    private Promotion(Storage run, Storage target) {
        this.run = run;
        this.target = target;
    }

    /**
     * Promotes a run.
     *
     * @param run URI of a run directory
     * @param target URI of the serving directory, which need not exist
     * @return the version's name
     * @throws JobException if the run is not finished, did not meet its recipe's limits, has no model, or has another
     *     adapter than its result says; nothing is changed then
     */
    public static String promote(String run, String target, Configuration configuration) {
        return new Promotion(Storage.at(run, configuration), Storage.at(target, configuration)).promote();
    }

    private String promote() {
        if (run.exists(RunDirectory.GATE_NOT_MET)) {
            throw new JobException(
                    FailureKind.GATE,
                    "Cannot promote %s: its result does not meet the limits of evaluate.gate".formatted(run.uri()));
        }
        if (!run.exists(RunDirectory.SUCCESS)) {
            throw JobException.input(
                    "Cannot promote %s: there is no finished run (no %s)".formatted(run.uri(), RunDirectory.SUCCESS));
        }
        String hash = adapterHash();
        String version = hash.substring(0, VERSION_DIGITS);
        Storage directory = target.directory(VERSIONS).directory(version);
        if (!directory.exists(RunDirectory.SUCCESS)) {
            requireModel();
            requireAdapter(hash);
            copyTo(directory);
        }
        target.replace(CURRENT, current(version, hash, directory));
        return version;
    }

    private String adapterHash() {
        try {
            JsonNode result = MAPPER.readTree(run.readText(RunDirectory.RESULT));
            JsonNode hash = result.path("modes")
                    .path(result.path("result-mode").asText())
                    .path("exported")
                    .path("adapter-sha256");
            if (hash.asText().length() > VERSION_DIGITS) {
                return hash.asText();
            }
            throw JobException.input("Cannot promote %s: %s has no adapter-sha256 of its result-mode"
                    .formatted(run.uri(), RunDirectory.RESULT));
        } catch (JsonProcessingException e) {
            throw new JobException(
                    FailureKind.INPUT,
                    "Cannot read %s: it is damaged (%s)"
                            .formatted(run.uri(RunDirectory.RESULT), e.getOriginalMessage()),
                    e);
        }
    }

    /** Readers take the model from the version. */
    private void requireModel() {
        if (run.directory(RunDirectory.MODEL).list().isEmpty()) {
            throw JobException.input(
                    "Cannot promote %s: there is no model in it (no files in %s/); it takes a run with output.export-model=true"
                            .formatted(run.uri(), RunDirectory.MODEL));
        }
    }

    private void requireAdapter(String hash) {
        byte[] adapter = run.directory(RunDirectory.ADAPTER).read(RunDirectory.ADAPTER_FILE);
        if (!new Fingerprint().add(adapter).hex().equals(hash)) {
            throw JobException.input(
                    "Cannot promote %s: %s/%s is not the one that %s names: its SHA-256 is not adapter-sha256"
                            .formatted(
                                    run.uri(), RunDirectory.ADAPTER, RunDirectory.ADAPTER_FILE, RunDirectory.RESULT));
        }
    }

    private void copyTo(Storage directory) {
        for (String name : DIRECTORIES) {
            Storage from = run.directory(name);
            for (String file : from.list()) {
                from.copy(file, directory.directory(name));
            }
        }
        for (String file : FILES) {
            run.copy(file, directory);
        }
        directory.replace(RunDirectory.SUCCESS, "");
    }

    private String current(String version, String hash, Storage directory) {
        ObjectNode current = MAPPER.createObjectNode();
        current.put("schema-version", 1);
        current.put("version", version);
        current.put("adapter-sha256", hash);
        current.put("model", directory.uri(RunDirectory.MODEL));
        current.put("adapter", directory.uri(RunDirectory.ADAPTER));
        current.put("run", run.uri());
        return current.toPrettyString() + "\n";
    }
}
