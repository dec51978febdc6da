package io.sparkpeft.store;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.file.RecipeKeys;
import io.sparkpeft.store.file.Storage;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Everything that a run keeps, under one URI:
 *
 * <pre>
 * recipe.conf      the resolved recipe, with the hash that tells one run from another
 * manifest.json    where everything came from: {@link RunManifest}
 * metrics.jsonl    what was measured, one line each: {@link MetricsLog}
 * drivers/         who has run it: {@link DriverFence}
 * checkpoints/     states between rounds: {@link CheckpointStore}
 * stages/          what each stage came to
 * artefacts/       scores, masks and deltas
 * data/            tokenised shards; in each quarantine/, rows that could not be used, with the reason
 * model/           the pruned and tuned model in Hugging Face layout
 * adapter/         the compact delta
 * result.json      the outcome
 * tensors.json     how many weights of each tensor were pruned and tuned
 * report.html      the story of the run
 * profile.json     where the time went, if the recipe asked
 * _SUCCESS         written last; _GATE_NOT_MET in its place where the result does not meet the recipe's limits
 * </pre>
 */
public final class RunDirectory {
    public static final String RECIPE = "recipe.conf";
    public static final String MANIFEST = "manifest.json";
    public static final String RESULT = "result.json";
    public static final String PROFILE = "profile.json";
    public static final String TENSORS = "tensors.json";
    public static final String REPORT = "report.html";
    public static final String CHECKPOINTS = "checkpoints";
    public static final String STAGES = "stages";
    public static final String ARTEFACTS = "artefacts";
    public static final String DATA = "data";
    public static final String MODEL = "model";
    public static final String ADAPTER = "adapter";
    /** In the adapter's directory: the tuned weights. */
    public static final String ADAPTER_FILE = "adapter.delta";
    /** In the adapter's directory: the weights that pruning kept. */
    public static final String PRUNE_MASK_FILE = "prune.mask";

    public static final String SUCCESS = "_SUCCESS";
    public static final String GATE_NOT_MET = "_GATE_NOT_MET";

    /** What a new start deletes, in that order: what says that the run is done comes first. */
    static final List<String> ENTRIES = List.of(
            SUCCESS,
            GATE_NOT_MET,
            RESULT,
            PROFILE,
            REPORT,
            TENSORS,
            CHECKPOINTS,
            STAGES,
            MetricsLog.FILE,
            MANIFEST,
            ARTEFACTS,
            DATA,
            MODEL,
            ADAPTER);

    /** What only a run has that finished a stage or a round: without any of these there is nothing to lose. */
    static final List<String> WORK = List.of(SUCCESS, GATE_NOT_MET, STAGES, CHECKPOINTS);

    private final Storage storage;
    private final DriverFence fence;
    private final MetricsLog metrics;
    private final CheckpointStore checkpoints;

    private RunDirectory(Storage storage, DriverFence fence, Recipe recipe) {
        this.storage = storage.guardedBy(fence::require);
        this.fence = fence;
        this.metrics = new MetricsLog(storage, fence);
        this.checkpoints = new CheckpointStore(
                storage, fence, RecipeKeys.hash(recipe), recipe.output().keepCheckpoints());
    }

    /**
     * How far the recipe's run has come, changing nothing. A run of another recipe that never finished a stage counts
     * as none, so that a recipe that was refused can be mended and started.
     *
     * @throws io.sparkpeft.failure.JobException if the directory holds a run of another recipe, or other files
     */
    public static RunState state(Recipe recipe, Configuration configuration) {
        return RunOwnership.state(Storage.at(recipe.outputDirectory(), configuration), recipe);
    }

    /**
     * Takes the recipe's run directory, to start the run or to go on with it.
     *
     * @param driver who takes it, such as host and application id
     * @param startAnew whether to delete a run that is there, whatever its recipe; files that belong to no run stay
     * @throws io.sparkpeft.failure.JobException if the directory holds a run of another recipe, or other files
     */
    public static RunDirectory open(Recipe recipe, Configuration configuration, String driver, boolean startAnew) {
        Storage storage = Storage.at(recipe.outputDirectory(), configuration);
        RunState state = startAnew ? RunOwnership.stateToClear(storage) : RunOwnership.state(storage, recipe);
        if (state.isFinished()) {
            throw new IllegalStateException("Cannot open the run %s: it is finished".formatted(storage.uri()));
        }
        // First of all: a twin that stood still since it looked must not clear away what its successor has made.
        DriverFence fence = DriverFence.take(storage, driver);
        fence.require();
        if (state == RunState.NEW) {
            // A run that was refused before its first stage may have left prepared data of another recipe.
            RunOwnership.clear(storage);
        }
        // Of an interrupted run too: its driver may have died while it wrote the file.
        RunOwnership.claim(storage, recipe);
        return new RunDirectory(storage, fence, recipe);
    }

    public String uri() {
        return storage.uri();
    }

    /** The URI of an entry, one of the constants of this class, or of something in it. */
    public String uri(String entry) {
        return storage.uri(entry);
    }

    /** The directory itself; a driver that was replaced can write nothing there. */
    public Storage storage() {
        return storage;
    }

    /** How files of the run name others. */
    public RunPlaces places() {
        return new RunPlaces(storage);
    }

    /** The number of this driver; every start of the run has a higher one. */
    public int epoch() {
        return fence.epoch();
    }

    /** @throws io.sparkpeft.failure.JobException if another driver has taken the run over */
    public void requireOwnership() {
        fence.require();
    }

    public MetricsLog metrics() {
        return metrics;
    }

    public CheckpointStore checkpoints() {
        return checkpoints;
    }

    public void writeManifest(RunManifest manifest) {
        storage.replace(MANIFEST, Json.pretty(manifest));
    }

    /** Writes {@code result.json}; a key {@code schema-version} comes first. */
    public void writeResult(Map<String, ?> result) {
        Map<String, Object> versioned = new java.util.LinkedHashMap<>();
        versioned.put("schema-version", 1);
        versioned.putAll(result);
        storage.replace(RESULT, Json.pretty(versioned));
    }

    /** Writes {@code tensors.json}. */
    public void writeTensors(List<Map<String, Object>> tensors) {
        storage.replace(TENSORS, Json.pretty(tensors));
    }

    /** Writes {@code profile.json}: where the time of this start of the run went. */
    public void writeProfile(Map<String, ?> times) {
        storage.replace(PROFILE, Json.pretty(times));
    }

    /** Says that the run is done; nothing is written after this. */
    public void finish(boolean gateMet) {
        storage.replace(gateMet ? SUCCESS : GATE_NOT_MET, "");
    }
}
