package io.sparkpeft.train;

import io.sparkpeft.model.Batch;
import java.util.List;

/**
 * The training data of one logical shard, by step: a pure function of (seed, shard, step), so that any executor gets
 * the same batches after a retry or a resume.
 */
public interface BatchSource<B extends Batch> {
    /**
     * The micro-batches whose gradients make up one optimiser step; empty where this shard has no examples left in the
     * step's epoch.
     *
     * @param step local step since the start of the phase
     */
    List<B> microBatches(long step);
}
