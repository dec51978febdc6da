package io.sparkpeft.dl4j.round;

import io.sparkpeft.dl4j.data.Examples;
import io.sparkpeft.dl4j.network.Masks;
import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.dl4j.settings.MaskedAveragingSettings;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.param.Fingerprint;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.model.Artefact;
import io.sparkpeft.spark.model.StateFiles;
import io.sparkpeft.store.Checkpoint;
import io.sparkpeft.store.CheckpointStore;
import io.sparkpeft.store.file.Storage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The checkpoints of one call of fit, in a directory whose name tells the call: settings, network, the weights and the
 * step that it started from, and how many examples each worker has. So a program that is started again after a crash
 * finds, call by call, how far it had come. The masks are written once, beside them.
 */
final class FitCheckpoints {
    private static final int NAME_DIGITS = 32;
    private static final String VALUES = "values";
    private static final String FIRST = "first";
    private static final String SECOND = "second";

    private final Optional<Storage> directory;
    private final Optional<CheckpointStore> store;
    private final Configuration configuration;
    private Optional<Position> written = Optional.empty();

    private FitCheckpoints(Optional<Storage> directory, Optional<CheckpointStore> store, Configuration configuration) {
        this.directory = directory;
        this.store = store;
        this.configuration = configuration;
    }

    /** What a checkpoint says of itself. */
    record Position(int rounds, Artefact kept, Artefact tuned) {
        Position after(int made) {
            return new Position(made, kept, tuned);
        }
    }

    /** @param step local steps made in calls before */
    static FitCheckpoints of(
            MaskedAveragingSettings settings, Network network, Examples examples, long step, Cluster cluster) {
        Configuration configuration = cluster.hadoopConfiguration();
        String place = settings.training().checkpointDirectory();
        if (place.isEmpty()) {
            return new FitCheckpoints(Optional.empty(), Optional.empty(), configuration);
        }
        float[] weights = network.weights();
        String words = "%s\n%s\n%d\n%s"
                .formatted(settings.withoutPlaces().json(), network.configuration(), step, examples.counts());
        String key = new Fingerprint()
                .add(words.getBytes(StandardCharsets.UTF_8))
                .add(weights, weights.length)
                .hex();
        Storage call = Storage.at(place, configuration).directory("fit-" + key.substring(0, NAME_DIGITS));
        String driver = cluster.context().sc().applicationId();
        return new FitCheckpoints(Optional.of(call), Optional.of(CheckpointStore.in(call, key, driver)), configuration);
    }

    void save(FitCheckpoint made) {
        store.ifPresent(files -> {
            Position position =
                    written.orElseGet(() -> writeMasks(made.masks())).after(made.rounds());
            written = Optional.of(position);
            Checkpoint checkpoint = Checkpoint.of(made.rounds(), position).with(VALUES, made.values());
            files.save(
                    made.moments().isNone()
                            ? checkpoint
                            : checkpoint
                                    .with(FIRST, made.moments().first())
                                    .with(SECOND, made.moments().second()));
        });
    }

    private Position writeMasks(Masks masks) {
        Storage call = directory.orElseThrow();
        return new Position(
                0,
                StateFiles.writeMask(call, "prune.mask", masks.kept()),
                StateFiles.writeMask(call, "update.mask", masks.tuned()));
    }

    /** The newest one that is whole. */
    Optional<FitCheckpoint> newest(ParameterLayout layout) {
        return store.flatMap(CheckpointStore::newest).map(checkpoint -> {
            Position position = checkpoint.stateAs(Position.class);
            written = Optional.of(position);
            Masks masks = new Masks(
                    StateFiles.readMask(position.kept(), layout, configuration),
                    StateFiles.readMask(position.tuned(), layout, configuration));
            OptimizerState moments = checkpoint.has(FIRST)
                    ? new OptimizerState(checkpoint.floats(FIRST), checkpoint.floats(SECOND))
                    : OptimizerState.none();
            return new FitCheckpoint(position.rounds(), masks, checkpoint.floats(VALUES), moments);
        });
    }
}
