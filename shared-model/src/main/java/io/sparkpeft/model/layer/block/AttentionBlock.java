package io.sparkpeft.model.layer.block;

import io.sparkpeft.compute.Arena;
import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.argument.Queries;
import io.sparkpeft.model.architecture.TransformerConfig;
import io.sparkpeft.model.layer.Flow;
import io.sparkpeft.model.layer.Linear;
import io.sparkpeft.model.layer.Pass;
import io.sparkpeft.model.layer.Projection;
import io.sparkpeft.model.layer.Rows;
import io.sparkpeft.model.layer.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Multi-head attention (Vaswani et al. 2017, arXiv 1706.03762) with grouped key and value heads (Ainslie et al. 2023,
 * arXiv 2305.13245) and, where the configuration has it, rotary positions (Su et al. 2021, arXiv 2104.09864).
 */
public final class AttentionBlock implements Sublayer {
    private final String name;
    private final TransformerConfig.Attention config;
    private final Projection projection;
    private final Linear output;
    private final float dropout;
    private final int site;
    private Optional<State> state = Optional.empty();

    /**
     * @param name of the block, for taps
     * @param dropout of the attention probabilities
     * @param site of that dropout
     */
    public AttentionBlock(
            String name,
            TransformerConfig.Attention config,
            Projection projection,
            Linear output,
            float dropout,
            int site) {
        this.name = name;
        this.config = config;
        this.projection = projection;
        this.output = output;
        this.dropout = dropout;
        this.site = site;
    }

    /**
     * What forward found.
     *
     * @param asking the rows of the input that ask, where these are not all
     * @param attended empty where backward computes it again
     */
    private record State(
            AttentionSpec spec, Optional<Tensor> asking, Projection.Projected projected, Optional<Attended> attended) {}

    /** What attention found, of which the probabilities grow with the square of the length. */
    private record Attended(Tensor probabilities, Tensor context) {}

    @Override
    public boolean canNarrow() {
        return true;
    }

    @Override
    public List<Weight> weights() {
        List<Weight> weights = new ArrayList<>(projection.weights());
        weights.addAll(output.weights());
        return weights;
    }

    @Override
    public void forward(Pass pass, Flow flow, Tensor input, Optional<Tensor> residual, Tensor result) {
        AttentionSpec spec = spec(flow);
        Projection.Projected projected = projection.allocate(pass, flow);
        Tensor asking = projection.asking(pass, flow, input);
        projection.forward(pass, flow, input, asking, projected);
        rotate(pass, flow, projected.parts(), false);
        Arena.Mark mark = pass.arena().mark();
        Attended attended = attend(pass, spec, projected);
        output.forward(pass, flow.kept(), attended.context(), residual, result);
        pass.tap(name, ".probabilities", attended.probabilities());
        pass.tap(name, ".context", attended.context());
        pass.tap(name, ".output", result);
        if (pass.recomputesSelectively()) {
            pass.arena().release(mark);
        }
        state = Optional.of(new State(
                spec,
                asking == input ? Optional.empty() : Optional.of(asking),
                projected,
                pass.recomputesSelectively() ? Optional.empty() : Optional.of(attended)));
    }

    private Attended attend(Pass pass, AttentionSpec spec, Projection.Projected projected) {
        Tensor probabilities = pass.take(config.heads(), spec.probabilitiesPerHead());
        Tensor context = pass.take(spec.queries().count(), config.queryWidth());
        pass.backend().attention(spec, projected.parts(), probabilities, context);
        return new Attended(probabilities, context);
    }

    @Override
    public void backward(Pass pass, Flow flow, Tensor input, Tensor outputGradient, Optional<Tensor> inputGradient) {
        State forward = state.orElseThrow();
        Arena.Mark mark = pass.arena().mark();
        Attended attended = forward.attended().orElseGet(() -> attend(pass, forward.spec(), forward.projected()));
        output.gradients(pass, flow.kept(), attended.context(), outputGradient);
        if (inputGradient.isPresent() || pass.wantsAny(projection.weights())) {
            Tensor contextGradient = pass.take(flow.kept().count(), config.queryWidth());
            output.inputGradient(pass, outputGradient, 0f, contextGradient);
            Projection.Projected gradient = projection.allocate(pass, flow);
            pass.backend()
                    .attentionBackward(
                            forward.spec(),
                            forward.projected().parts(),
                            attended.probabilities(),
                            contextGradient,
                            gradient.parts());
            rotate(pass, flow, gradient.parts(), true);
            projection.gradients(pass, flow, input, forward.asking().orElse(input), gradient);
            inputGradient.ifPresent(target -> projection.inputGradient(pass, flow, gradient, target));
        }
        pass.arena().release(mark);
    }

    private AttentionSpec spec(Flow flow) {
        Rows kept = flow.kept();
        return new AttentionSpec(
                config.heads(),
                config.keyValueHeads(),
                config.headSize(),
                config.causal(),
                flow.rows().bounds(),
                new Queries(kept.bounds(), kept.positions()),
                Pass.drops(dropout, kept) ? new Dropout(dropout, site, kept.keys()) : Dropout.NONE);
    }

    private void rotate(Pass pass, Flow flow, QueryKeyValue parts, boolean inverse) {
        if (config.ropeTheta().isPresent()) {
            float theta = (float) config.ropeTheta().getAsDouble();
            pass.backend().rope(parts.query(), flow.kept().positions(), config.headSize(), theta, inverse);
            pass.backend().rope(parts.key(), flow.rows().positions(), config.headSize(), theta, inverse);
        }
    }
}
