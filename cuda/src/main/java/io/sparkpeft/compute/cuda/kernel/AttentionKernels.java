package io.sparkpeft.compute.cuda.kernel;

import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.compute.cuda.launch.CallArrays;
import io.sparkpeft.compute.cuda.launch.Launcher;
import io.sparkpeft.compute.cuda.memory.CudaTensor;
import io.sparkpeft.compute.cuda.memory.Scratch;

/**
 * Attention (Vaswani et al. 2017) over packed sequences: one launch for each product and softmax, over all sequences and
 * heads together, so that short sequences fill the device too.
 */
public final class AttentionKernels {
    private final Launcher launcher;
    private final CallArrays arrays;
    private final Scratch scratch;
    /** Whether products round their factors, to TF32 for bf16 too. */
    private final boolean rounded;

    AttentionKernels(Launcher launcher, CallArrays arrays, Scratch scratch, Precision precision) {
        this.launcher = launcher;
        this.arrays = arrays;
        this.scratch = scratch;
        this.rounded = precision != Precision.FLOAT32;
    }

    /** The three tensors as what they are. */
    private record Packed(CudaTensor query, CudaTensor key, CudaTensor value) {
        static Packed of(QueryKeyValue tensors) {
            return new Packed(
                    CudaTensor.of(tensors.query()), CudaTensor.of(tensors.key()), CudaTensor.of(tensors.value()));
        }
    }

    public void forward(AttentionSpec spec, QueryKeyValue input, CudaTensor probabilities, CudaTensor output) {
        Packed packed = Packed.of(input);
        AttentionPlan plan = AttentionPlan.send(spec, rounded, arrays);
        plan.begin("attention_scores", plan.scoreTiles(), spec.heads(), launcher)
                .matrix(packed.query())
                .matrix(packed.key())
                .number(plan.scale())
                .result(probabilities)
                .run();
        plan.beginRows("attention_softmax", launcher).result(probabilities).run();
        plan.begin("attention_values", plan.queryTiles(), spec.heads(), launcher)
                .matrix(probabilities)
                .matrix(packed.value());
        plan.dropout(launcher).result(output).run();
    }

    public void backward(
            AttentionSpec spec,
            QueryKeyValue input,
            CudaTensor probabilities,
            CudaTensor outputGradient,
            QueryKeyValue gradients) {
        Packed packed = Packed.of(input);
        Packed results = Packed.of(gradients);
        AttentionPlan plan = AttentionPlan.send(spec, rounded, arrays);
        CudaTensor scores = scratch.matrix(Scratch.Use.ATTENTION_GRADIENTS, spec.heads(), spec.probabilitiesPerHead());
        scoreGradients(plan, packed, probabilities, outputGradient, scores);
        plan.begin("attention_query_gradients", plan.queryTiles(), spec.heads(), launcher)
                .matrix(scores)
                .matrix(packed.key())
                .result(results.query())
                .run();
        plan.begin("attention_key_gradients", plan.keyTiles(), spec.keyValueHeads(), launcher)
                .matrix(scores)
                .matrix(packed.query())
                .result(results.key())
                .run();
        plan.begin("attention_value_gradients", plan.keyTiles(), spec.keyValueHeads(), launcher)
                .matrix(probabilities)
                .matrix(outputGradient);
        plan.dropout(launcher).result(results.value()).run();
    }

    private void scoreGradients(
            AttentionPlan plan, Packed input, CudaTensor probabilities, CudaTensor outputGradient, CudaTensor scores) {
        plan.begin(
                        "attention_probability_gradients",
                        plan.scoreTiles(),
                        plan.spec().heads(),
                        launcher)
                .matrix(outputGradient)
                .matrix(input.value());
        plan.dropout(launcher).result(scores).run();
        plan.beginRows("attention_softmax_backward", launcher)
                .matrix(probabilities)
                .number(plan.scale())
                .result(scores)
                .run();
    }
}
