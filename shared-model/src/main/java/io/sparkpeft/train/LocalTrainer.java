package io.sparkpeft.train;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.profile.Kernel;
import io.sparkpeft.compute.profile.ProfilingBackend;
import io.sparkpeft.model.Batch;
import io.sparkpeft.model.BatchLoss;
import io.sparkpeft.model.Model;
import io.sparkpeft.optim.GradientClip;
import io.sparkpeft.optim.Optimizer;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.param.MaskIndex;
import java.util.List;

/**
 * The local steps of one shard in one round, on the weights of an update mask only. With tuned weights θ, targets T of
 * the step's micro-batches and H steps:
 *
 * <pre>
 *   write θ into the model
 *   H times:  g ← gather(∇ 1/|T|·Σ_{t∈T} loss_t);  clip g;  θ ← optimiser(θ, g);  scatter θ into the model
 * </pre>
 *
 * Every other weight keeps its bits. The result is a function of the model's other weights, the round's input and the
 * batches alone, whatever the trainer did before. Local steps between averages: McMahan et al. 2017, arXiv 1602.05629;
 * Stich 2019, arXiv 1805.09767.
 */
public final class LocalTrainer<B extends Batch> {
    private final Model<B> model;
    private final MaskIndex index;
    private final TrainSettings settings;
    private final Optimizer optimizer;
    private final MaskedGradientSink sink;

    public LocalTrainer(Model<B> model, MaskIndex index, TrainSettings settings) {
        if (!model.layout().equals(index.layout())) {
            throw new IllegalArgumentException("Cannot train: the update mask belongs to a model of another layout");
        }
        this.model = model;
        this.index = index;
        this.settings = settings;
        this.optimizer = Optimizer.of(settings.optimizer());
        this.sink = new MaskedGradientSink(index, model.backend());
    }

    /**
     * Makes the local steps of a round. A step whose source has no targets is skipped: no update, no example counted.
     *
     * @throws NonFiniteLossException if loss or gradient is NaN or infinite
     */
    public LocalUpdate train(RoundInput input, BatchSource<B> source) {
        float[] values = input.values().clone();
        boolean fresh = input.moments().isNone();
        OptimizerState moments = moments(input);
        write(values);
        RoundTally tally = RoundTally.ZERO;
        for (int i = 0; i < input.steps(); i++) {
            long step = input.firstStep() + i;
            RoundTally made = gradient(step, source.microBatches(step));
            if (made.steps() == 0) {
                continue;
            }
            tally = tally.plus(made);
            update(values, moments, made.largestNorm(), step, fresh ? tally.steps() : step + 1);
            write(values);
        }
        return new LocalUpdate(values, input.returnMoments() ? moments : OptimizerState.none(), tally);
    }

    private void update(float[] values, OptimizerState moments, double norm, long step, long count) {
        Backend backend = model.backend();
        if (settings.clipNorm() > 0) {
            ProfilingBackend.count(
                    backend,
                    Kernel.CLIP,
                    values.length,
                    () -> GradientClip.clip(sink.gradient(), norm, settings.clipNorm()));
        }
        double rate = settings.rate().at(step);
        ProfilingBackend.count(
                backend,
                Kernel.OPTIMIZER,
                values.length,
                () -> optimizer.step(values, sink.gradient(), moments, settings.optimizer(), rate, count));
    }

    /** Writes a k-vector into the model's live weights. */
    public void write(float[] values) {
        model.write(index, values);
    }

    private OptimizerState moments(RoundInput input) {
        if (!optimizer.usesMoments()) {
            return OptimizerState.none();
        }
        return input.moments().isNone()
                ? OptimizerState.zeros(index.size())
                : input.moments().copy();
    }

    private RoundTally gradient(long step, List<B> batches) {
        long targets = batches.stream().mapToLong(Batch::targets).sum();
        if (targets == 0) {
            return RoundTally.ZERO;
        }
        sink.clear();
        BatchLoss loss = BatchLoss.ZERO;
        long examples = 0;
        long units = 0;
        for (B batch : batches) {
            loss = loss.plus(model.lossAndGradient(batch, 1f / targets, sink));
            examples += batch.examples();
            units += batch.units();
        }
        double norm = model.backend().norm(sink.gradient());
        if (!Double.isFinite(loss.sum()) || !Double.isFinite(norm)) {
            throw new NonFiniteLossException(step, loss.mean(), norm);
        }
        return new RoundTally(1, examples, targets, units, loss.sum(), norm);
    }
}
