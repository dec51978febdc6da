package io.sparkpeft.dl4j.round;

import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.dl4j.settings.MaskedAveragingSettings;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.param.Fingerprint;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.store.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The checkpoint of one call of fit, which the next round's takes the place of. Its name tells the call: settings,
 * network, the weights and the step that it started from, and how many examples each worker has. So a program that is
 * started again after a crash finds, call by call, how far it had come.
 */
final class FitCheckpoints {
    private final Optional<Storage> directory;
    private final String name;

    private FitCheckpoints(Optional<Storage> directory, String name) {
        this.directory = directory;
        this.name = name;
    }

    /** @param step local steps made in calls before */
    static FitCheckpoints of(
            MaskedAveragingSettings settings,
            Network network,
            Examples examples,
            long step,
            Configuration configuration) {
        String place = settings.training().checkpointDirectory();
        if (place.isEmpty()) {
            return new FitCheckpoints(Optional.empty(), "");
        }
        float[] weights = network.weights();
        String words = "%s\n%s\n%d\n%s"
                .formatted(settings.withoutPlaces().json(), network.configuration(), step, examples.counts());
        String key = new Fingerprint()
                .add(words.getBytes(StandardCharsets.UTF_8))
                .add(weights, weights.length)
                .hex();
        return new FitCheckpoints(
                Optional.of(Storage.at(place, configuration)), "fit-%s.checkpoint".formatted(key.substring(0, 32)));
    }

    void save(FitCheckpoint checkpoint) {
        directory.ifPresent(files -> files.replace(name, checkpoint.bytes()));
    }

    /** @throws JobException if there is one that cannot be read */
    Optional<FitCheckpoint> newest(ParameterLayout layout) {
        if (directory.isEmpty() || !directory.get().exists(name)) {
            return Optional.empty();
        }
        try {
            return Optional.of(FitCheckpoint.of(directory.get().read(name), layout));
        } catch (IOException e) {
            throw new JobException(
                    FailureKind.INPUT,
                    "Cannot read checkpoint %s: %s; delete it to train anew"
                            .formatted(directory.get().uri(name), e.getMessage()),
                    e);
        }
    }
}
