package io.sparkpeft.train;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.MaskVector;
import io.sparkpeft.compute.MaskVectors;
import io.sparkpeft.compute.profile.Kernel;
import io.sparkpeft.compute.profile.ProfilingBackend;
import io.sparkpeft.model.Batch;
import io.sparkpeft.model.BatchLoss;
import io.sparkpeft.model.Model;
import io.sparkpeft.optim.GradientClip;
import io.sparkpeft.optim.Optimizer;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.optim.StepVectors;
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
public final class LocalTrainer<B extends Batch> implements AutoCloseable {
    private final Model<B> model;
    private final MaskIndex index;
    private final TrainSettings settings;
    private final Optimizer optimizer;
    private final MaskVectors vectors;
    private final MaskedGradientSink sink;

    public LocalTrainer(Model<B> model, MaskIndex index, TrainSettings settings) {
        if (!model.layout().equals(index.layout())) {
            throw new IllegalArgumentException("Cannot train: the update mask belongs to a model of another layout");
        }
        this.model = model;
        this.index = index;
        this.settings = settings;
        this.optimizer = Optimizer.of(settings.optimizer());
        this.vectors = model.backend().vectors();
        this.sink = new MaskedGradientSink(index, model.backend());
    }

    /**
     * Makes the local steps of a round. A step whose source has no targets is skipped: no update, no example counted.
     *
     * @throws NonFiniteLossException if loss or gradient is NaN or infinite
     */
    public LocalUpdate train(RoundInput input, BatchSource<B> source) {
        StepVectors state = state(input);
        try {
            return train(input, source, state);
        } finally {
            vectors.free(state.values());
            vectors.free(state.first());
            vectors.free(state.second());
        }
    }

    private LocalUpdate train(RoundInput input, BatchSource<B> source, StepVectors state) {
        boolean fresh = input.moments().isNone();
        model.write(index, state.values());
        RoundTally tally = RoundTally.ZERO;
        for (int i = 0; i < input.steps(); i++) {
            long step = input.firstStep() + i;
            RoundTally made = gradient(step, source.microBatches(step));
            if (made.steps() == 0) {
                continue;
            }
            tally = tally.plus(made);
            update(state, made.largestNorm(), step, fresh ? tally.steps() : step + 1);
            model.write(index, state.values());
        }
        return new LocalUpdate(
                vectors.array(state.values()), input.returnMoments() ? moments(state) : OptimizerState.none(), tally);
    }

    private void update(StepVectors state, double norm, long step, long count) {
        Backend backend = model.backend();
        int size = index.size();
        if (settings.clipNorm() > 0) {
            ProfilingBackend.count(
                    backend,
                    Kernel.CLIP,
                    size,
                    () -> GradientClip.clip(vectors, sink.vector(), norm, settings.clipNorm()));
        }
        double rate = settings.rate().at(step);
        ProfilingBackend.count(
                backend,
                Kernel.OPTIMIZER,
                size,
                () -> optimizer.step(vectors, state, settings.optimizer(), rate, count));
    }

    /** Writes a k-vector into the model's live weights. */
    public void write(float[] values) {
        model.write(index, values);
    }

    /** Copies of what the round starts from, and the gradient. */
    private StepVectors state(RoundInput input) {
        MaskVector values = vectors.copyOf(input.values());
        if (!optimizer.usesMoments()) {
            return new StepVectors(values, sink.vector(), vectors.allocate(0), vectors.allocate(0));
        }
        return input.moments().isNone()
                ? new StepVectors(values, sink.vector(), vectors.allocate(index.size()), vectors.allocate(index.size()))
                : new StepVectors(
                        values,
                        sink.vector(),
                        vectors.copyOf(input.moments().first()),
                        vectors.copyOf(input.moments().second()));
    }

    private OptimizerState moments(StepVectors state) {
        return optimizer.usesMoments()
                ? new OptimizerState(vectors.array(state.first()), vectors.array(state.second()))
                : OptimizerState.none();
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
        double norm = vectors.norm(sink.vector());
        if (!Double.isFinite(loss.sum()) || !Double.isFinite(norm)) {
            throw new NonFiniteLossException(step, loss.mean(), norm);
        }
        return new RoundTally(1, examples, targets, units, loss.sum(), norm);
    }

    /** Gives the gradient's memory back. */
    @Override
    public void close() {
        sink.close();
    }
}
