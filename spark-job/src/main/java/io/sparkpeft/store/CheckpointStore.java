package io.sparkpeft.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.param.Fingerprint;
import io.sparkpeft.store.file.Storage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of a run, a directory each. Data files are written first and {@code manifest.json}, which holds their
 * sizes and SHA-256, last: a directory without a manifest is a checkpoint that was never finished. What is loaded is the
 * newest whose hashes verify and whose recipe is this run's; a damaged one is passed over with a warning.
 */
public final class CheckpointStore {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
    private static final String MANIFEST = "manifest.json";
    private static final int FORMAT = 1;
    /** One more than is needed, where the newest is damaged. */
    private static final int KEPT = 2;

    private final Storage directory;
    private final RunPlaces places;
    private final DriverFence fence;
    private final String configHash;
    private final int keep;

    /**
     * @param run the directory of the run
     * @param configHash of the recipe; checkpoints of another one are not loaded
     * @param keep how many of the newest checkpoints stay
     */
    CheckpointStore(Storage run, DriverFence fence, String configHash, int keep) {
        this.directory = run.directory(RunDirectory.CHECKPOINTS);
        this.places = new RunPlaces(run);
        this.fence = fence;
        this.configHash = configHash;
        this.keep = keep;
    }

    /**
     * Checkpoints of something that has no run directory.
     *
     * @param directory of them alone
     * @param hash tells what they belong to, as a run's recipe does; those of another are not loaded
     * @param driver who takes the directory, such as the application's id; drivers before it can write no more
     */
    public static CheckpointStore in(Storage directory, String hash, String driver) {
        return new CheckpointStore(directory, DriverFence.take(directory, driver), hash, KEPT);
    }

    /**
     * Writes a checkpoint and deletes those that are too many.
     *
     * @throws JobException if another driver has taken the run over, or storage fails
     */
    public void save(Checkpoint checkpoint) {
        fence.require();
        // The epoch in the name keeps a driver that lost its run from writing into its successor's files.
        Storage target =
                directory.directory(String.format(Locale.ROOT, "%010d-%06d", checkpoint.sequence(), fence.epoch()));
        ObjectNode manifest = Json.MAPPER.createObjectNode();
        manifest.put("format", FORMAT).put("sequence", checkpoint.sequence()).put("configHash", configHash);
        ObjectNode files = manifest.putObject("files");
        checkpoint.blobs().forEach((name, blob) -> {
            target.write(name + ".bin", blob);
            files.putObject(name).put("bytes", blob.length).put("sha256", sha256(blob));
        });
        JsonNode state = places.toWritten(checkpoint.state());
        manifest.set("state", state);
        manifest.put("stateSha256", sha256(Json.line(state)));
        fence.require();
        target.replace(MANIFEST, Json.pretty(manifest));
        deleteOld();
    }

    /** The newest good checkpoint of this run; empty if there is none. */
    public Optional<Checkpoint> newest() {
        for (String name : newestFirst()) {
            try {
                Optional<Checkpoint> checkpoint = load(directory.directory(name));
                if (checkpoint.isPresent()) {
                    return checkpoint;
                }
            } catch (JobException e) {
                if (e.kind() == FailureKind.RETRYABLE) {
                    throw e;
                }
                LOG.warn("Passed over checkpoint {}: {}", name, e.getMessage());
            }
        }
        return Optional.empty();
    }

    private Optional<Checkpoint> load(Storage source) {
        if (!source.exists(MANIFEST)) {
            return Optional.empty();
        }
        JsonNode manifest = Json.parse(source.readText(MANIFEST), source.uri(MANIFEST));
        if (manifest.path("format").asInt() != FORMAT) {
            throw JobException.input("Cannot read %s: its format is %s, this program reads %d"
                    .formatted(source.uri(MANIFEST), manifest.path("format"), FORMAT));
        }
        if (!manifest.path("configHash").asText().equals(configHash)) {
            throw JobException.input("Cannot use %s: it was made by another recipe".formatted(source.uri()));
        }
        JsonNode state = manifest.path("state");
        requireHash(
                source.uri(MANIFEST),
                sha256(Json.line(state)),
                manifest.path("stateSha256").asText());
        Map<String, byte[]> blobs = new LinkedHashMap<>();
        manifest.path("files").fields().forEachRemaining(file -> {
            byte[] blob = source.read(file.getKey() + ".bin");
            requireHash(
                    source.uri(file.getKey() + ".bin"),
                    sha256(blob),
                    file.getValue().path("sha256").asText());
            blobs.put(file.getKey(), blob);
        });
        return Optional.of(new Checkpoint(manifest.path("sequence").asLong(), places.fromWritten(state), blobs));
    }

    private static void requireHash(String file, String actual, String expected) {
        if (!actual.equals(expected)) {
            throw JobException.input("Cannot read %s: its SHA-256 is %s, the manifest says %s"
                    .formatted(file, abbreviated(actual), abbreviated(expected)));
        }
    }

    private static String abbreviated(String hash) {
        return hash.length() > 12 ? hash.substring(0, 12) + "…" : hash;
    }

    private void deleteOld() {
        Set<String> kept = new HashSet<>();
        for (String name : newestFirst()) {
            String sequence = name.substring(0, name.indexOf('-'));
            if (kept.size() == keep && !kept.contains(sequence)) {
                directory.delete(name);
            } else if (directory.directory(name).exists(MANIFEST)) {
                kept.add(sequence);
            }
        }
    }

    private List<String> newestFirst() {
        List<String> names = new ArrayList<>(directory.list().stream()
                .filter(name -> name.matches("\\d{10}-\\d{6}"))
                .toList());
        Collections.reverse(names);
        return names;
    }

    private static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(byte[] bytes) {
        return new Fingerprint().add(bytes).hex();
    }
}
