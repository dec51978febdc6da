package io.sparkpeft.stage.data;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.datasets.prepare.PrepareShards;
import io.sparkpeft.datasets.prepare.PreparedData;
import io.sparkpeft.datasets.prepare.plan.PrepareSpec;
import io.sparkpeft.model.Objective;
import io.sparkpeft.tokenizer.TokenizerFiles;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** Tokenises the recipe's corpora once, into sharded Parquet that later rounds and later runs read. */
public final class PrepareData {
    private final SparkSession session;
    private final DataSpecs specs;

    /** @param directory where the shards go, unless the recipe names a cache */
    public PrepareData(Recipe recipe, SparkSession session, TokenizerFiles tokenizer, String directory) {
        this(session, DataSpecs.in(directory, recipe, tokenizer));
    }

    public PrepareData(SparkSession session, DataSpecs specs) {
        this.session = session;
        this.specs = specs;
    }

    /**
     * @param pretraining the objective that the model was pre-trained for, on which retention is measured
     * @param maxLength most tokens of an example
     */
    public RunData run(Objective pretraining, int maxLength) {
        return new RunData(
                prepare(specs.task(maxLength, true)),
                specs.generic(pretraining, maxLength).map(this::prepare),
                specs.retention(pretraining, maxLength).map(this::prepare));
    }

    /** Prepares only what a model is measured on; the recipe must name the labels. */
    public RunData runForMeasuring(Objective pretraining, int maxLength) {
        return new RunData(
                prepare(specs.task(maxLength, false)),
                Optional.empty(),
                specs.retention(pretraining, maxLength).map(this::prepare));
    }

    private PreparedData prepare(PrepareSpec spec) {
        return PrepareShards.run(session, spec);
    }
}
