package io.sparkpeft.spark.model;

import io.sparkpeft.datasets.io.Patience;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.model.checkpoint.Checkpoint;
import io.sparkpeft.model.checkpoint.ModelOutline;
import io.sparkpeft.model.checkpoint.StoredModel;
import io.sparkpeft.model.safetensors.CheckpointException;
import io.sparkpeft.model.safetensors.CheckpointFiles;
import io.sparkpeft.param.Fingerprint;
import io.sparkpeft.param.FrozenWeights;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.param.WeightSource;
import io.sparkpeft.param.source.RoundedWeights;
import io.sparkpeft.store.HadoopCheckpointFiles;
import io.sparkpeft.store.file.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.Utils;

/**
 * The base model of a reference: the same bits on the driver and on every executor. Its weights lie in a file on the
 * local disk and take no memory of the process; the file's space is given back with the object. Where the reference says
 * so, linear layers are rounded to bfloat16 as {@link RoundedWeights} are: then the rounded weights are the base, for
 * scores, training, evaluation, fingerprint and export alike.
 */
public final class BaseModel implements AutoCloseable {
    private final ModelReference reference;
    private final String uri;
    private final StoredModel model;
    private final WeightSource weights;

    private BaseModel(ModelReference reference, String uri, StoredModel model) {
        this.reference = reference;
        this.uri = uri;
        this.model = model;
        this.weights = reference.frozen() == FrozenWeights.BF16 ? new RoundedWeights(model.weights()) : model.weights();
    }

    /**
     * Reads the checkpoint in one pass, or draws the weights, into the file.
     *
     * @throws JobException if it is missing, damaged or not what the reference says
     */
    public static BaseModel load(ModelReference reference, Configuration configuration) {
        String uri = Storage.at(reference.path(), configuration).uri();
        return read(
                reference,
                configuration,
                checkpoint -> new BaseModel(reference, uri, checkpoint.store(localDirectory(), reference.seed())));
    }

    /** What would be loaded, told without reading its weights. */
    public static ModelOutline outline(ModelReference reference, Configuration configuration) {
        return read(reference, configuration, Checkpoint::outline);
    }

    private interface Reader<T> {
        T read(Checkpoint checkpoint) throws IOException;
    }

    private static <T> T read(ModelReference reference, Configuration configuration, Reader<T> reader) {
        try {
            CheckpointFiles files = new HadoopCheckpointFiles(reference.path(), configuration);
            return reader.read(
                    reference.random()
                            ? Checkpoint.random(files, reference.objective(), reference.labels())
                            : Checkpoint.open(files, reference.objective(), reference.labels()));
        } catch (CheckpointException e) {
            throw JobException.input(e.getMessage());
        } catch (IOException e) {
            throw new JobException(
                    Patience.mayPass(e) ? FailureKind.RETRYABLE : FailureKind.INPUT,
                    "Cannot read %s: %s".formatted(reference.path(), e.getMessage()),
                    e);
        }
    }

    /** Where Spark keeps what it writes to the local disk. */
    private static Path localDirectory() {
        SparkEnv spark = SparkEnv.get();
        return Path.of(spark == null ? System.getProperty("java.io.tmpdir") : Utils.getLocalDir(spark.conf()));
    }

    /**
     * What executors load: with the fingerprint of the weights, and the directory's whole URI, since a relative path means
     * another directory in theirs.
     */
    public ModelReference reference() {
        return reference.found(uri, fingerprint());
    }

    public ModelOutline outline() {
        return model.outline();
    }

    public ParameterLayout layout() {
        return model.weights().layout();
    }

    public WeightSource weights() {
        return weights;
    }

    /**
     * Says which pre-trained weights these are, whatever head a task put on them: SHA-256 over all tensors but the
     * task head's.
     */
    public String fingerprint() {
        Fingerprint print = new Fingerprint();
        for (int t = 0; t < layout().count(); t++) {
            TensorSpec spec = layout().tensor(t);
            if (spec.role() != TensorRole.HEAD) {
                print.add(spec.name().getBytes(StandardCharsets.UTF_8)).add((long) spec.rows());
                weights().forEachPiece(t, (from, count, values) -> print.add(values, count));
            }
        }
        return print.hex();
    }

    /** Gives the disk space back now; the weights cannot be read any more. */
    @Override
    public void close() {
        model.close();
    }
}
