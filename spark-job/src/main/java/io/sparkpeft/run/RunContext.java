package io.sparkpeft.run;

import io.sparkpeft.model.Objective;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.model.BaseModel;
import io.sparkpeft.spark.model.ModelReference;
import io.sparkpeft.stage.data.ModelInputs;
import io.sparkpeft.stage.data.RunData;
import io.sparkpeft.store.RunDirectory;

/**
 * What all stages and modes of a run share.
 *
 * @param cluster where tasks run
 * @param directory where the run is kept
 * @param data the prepared data
 * @param base the base model, on the driver
 * @param reference how executors get the same
 * @param inputs configuration and tokenizer of the model
 * @param progress told of what is being done
 */
public record RunContext(
        Cluster cluster,
        RunDirectory directory,
        RunData data,
        BaseModel base,
        ModelReference reference,
        ModelInputs inputs,
        Progress progress) {
    /** Writes down what is measured. */
    public Recorder recorder() {
        return new Recorder(directory.metrics(), cluster.profile(), directory.epoch());
    }

    /** The objective that the model was pre-trained for, which retention is measured by. */
    public Objective pretraining() {
        return inputs.pretraining();
    }
}
