package io.sparkpeft.model.checkpoint;

import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.model.architecture.Part;
import io.sparkpeft.model.architecture.Slot;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.param.WeightSource;
import io.sparkpeft.random.CounterRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Initial weights as Hugging Face's models have them: matrices normal with mean 0 and the configuration's standard
 * deviation, normalisation weights 1, biases 0. A tensor's values depend on the seed and its name alone.
 */
final class RandomWeights implements WeightSource {
    private static final Set<Part> NORMS =
            EnumSet.of(Part.EMBEDDING_NORM, Part.ATTENTION_NORM, Part.FEED_FORWARD_NORM, Part.FINAL_NORM, Part.LM_NORM);

    private final ModelDefinition definition;
    private final long seed;

    RandomWeights(ModelDefinition definition, long seed) {
        this.definition = definition;
        this.seed = seed;
    }

    @Override
    public ParameterLayout layout() {
        return definition.layout();
    }

    @Override
    public void read(int tensor, int from, int count, float[] target, int offset) {
        TensorSpec spec = layout().tensor(tensor);
        Slot slot = definition.slots().get(tensor);
        if (slot.bias() || NORMS.contains(slot.part())) {
            Arrays.fill(target, offset, offset + count, slot.bias() ? 0f : 1f);
            return;
        }
        long key = CounterRandom.mix(seed, spec.name().hashCode());
        float deviation = definition.config().weights().initializerRange();
        // Every value depends on its place alone, so that threads can share the work.
        IntStream.range(0, count)
                .parallel()
                .forEach(i -> target[offset + i] = (float) (deviation * CounterRandom.normal(key, from + i)));
    }
}
