package io.sparkpeft.model.weights;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.MaskVector;
import io.sparkpeft.compute.MaskVectors;
import io.sparkpeft.model.layer.Weight;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.WeightSource;
import java.util.ArrayList;
import java.util.List;

/** All weights in memory that the model shares with nobody. */
public final class OwnWeights implements ModelWeights {
    private final ParameterLayout layout;
    private final Backend backend;
    private final MaskVectors vectors;
    private final List<LiveWeight> weights = new ArrayList<>();

    /** Reads them all. */
    public OwnWeights(Backend backend, WeightSource source) {
        this.layout = source.layout();
        this.backend = backend;
        this.vectors = backend.vectors();
        for (int t = 0; t < layout.count(); t++) {
            weights.add(LiveWeight.read(backend, source, t));
        }
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    @Override
    public Weight weight(int tensor) {
        return weights.get(tensor);
    }

    @Override
    public void write(MaskIndex index, MaskVector values) {
        for (LiveWeight weight : weights) {
            if (index.count(weight.index()) > 0) {
                weight.write(vectors, index, values);
            }
        }
    }

    @Override
    public void close() {
        weights.forEach(weight -> backend.free(weight.tensor()));
        weights.clear();
    }
}
