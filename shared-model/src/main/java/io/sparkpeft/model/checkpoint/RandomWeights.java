package io.sparkpeft.model.checkpoint;

import io.sparkpeft.compute.CounterRandom;
import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.model.architecture.Part;
import io.sparkpeft.model.architecture.Slot;
import io.sparkpeft.param.TensorSpec;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * Initial weights as Hugging Face's models have them: matrices normal with mean 0 and the configuration's standard
 * deviation, normalisation weights 1, biases 0. A tensor's values depend on the seed and its name alone.
 */
final class RandomWeights {
    private static final Set<Part> NORMS =
            EnumSet.of(Part.EMBEDDING_NORM, Part.ATTENTION_NORM, Part.FEED_FORWARD_NORM, Part.FINAL_NORM, Part.LM_NORM);

    private final ModelDefinition definition;
    private final long seed;

    RandomWeights(ModelDefinition definition, long seed) {
        this.definition = definition;
        this.seed = seed;
    }

    /** The initial values of one tensor of the layout. */
    float[] tensor(int index) {
        TensorSpec spec = definition.layout().tensor(index);
        Slot slot = definition.slots().get(index);
        float[] values = new float[spec.size()];
        if (slot.bias()) {
            return values;
        }
        if (NORMS.contains(slot.part())) {
            Arrays.fill(values, 1f);
            return values;
        }
        long key = CounterRandom.mix(seed, spec.name().hashCode());
        float deviation = definition.config().weights().initializerRange();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * CounterRandom.normal(key, i));
        }
        return values;
    }
}
