package io.sparkpeft.spark;

import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.checkpoint.ModelOutline;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.safetensors.CheckpointException;
import io.sparkpeft.model.safetensors.CheckpointFiles;
import io.sparkpeft.param.Fingerprint;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.store.HadoopCheckpointFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;

/** Loads the base model of a reference: the same bits on the driver and on every executor. */
public final class BaseModel {
    private BaseModel() {}

    public static PretrainedModel load(ModelReference reference, Configuration configuration) {
        return read(
                reference,
                configuration,
                files -> reference.random()
                        ? Checkpoints.loadRandom(files, reference.objective(), reference.labels(), reference.seed())
                        : Checkpoints.load(files, reference.objective(), reference.labels(), reference.seed()));
    }

    /** What would be loaded, told without reading its weights. */
    public static ModelOutline outline(ModelReference reference, Configuration configuration) {
        return read(
                reference,
                configuration,
                files -> reference.random()
                        ? Checkpoints.outlineRandom(files, reference.objective(), reference.labels())
                        : Checkpoints.outline(files, reference.objective(), reference.labels()));
    }

    private interface Reader<T> {
        T read(CheckpointFiles files) throws IOException;
    }

    private static <T> T read(ModelReference reference, Configuration configuration, Reader<T> reader) {
        try {
            return reader.read(new HadoopCheckpointFiles(reference.path(), configuration));
        } catch (CheckpointException e) {
            throw JobException.input(e.getMessage());
        } catch (IOException e) {
            throw new JobException(
                    FailureKind.INPUT, "Cannot read %s: %s".formatted(reference.path(), e.getMessage()), e);
        }
    }

    /**
     * Says which pre-trained weights these are, whatever head a task put on them: SHA-256 over all tensors but the
     * task head's.
     */
    public static String fingerprint(Parameters parameters) {
        Fingerprint print = new Fingerprint();
        for (int t = 0; t < parameters.layout().count(); t++) {
            TensorSpec spec = parameters.layout().tensor(t);
            if (spec.role() != TensorRole.HEAD) {
                print.add(spec.name().getBytes(StandardCharsets.UTF_8))
                        .add((long) spec.rows())
                        .add(parameters.tensor(t));
            }
        }
        return print.hex();
    }
}
