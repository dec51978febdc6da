package io.sparkpeft.model.layer;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Query, key and value of attention, by three linear layers or by one whose columns are all three. */
public final class Projection {
    private final List<Linear> layers;
    private final int queryWidth;
    private final int keyWidth;

    /**
     * @param layers query, key and value, or the fused one
     * @param queryWidth columns of the query
     * @param keyWidth columns of the key
     */
    public Projection(List<Linear> layers, int queryWidth, int keyWidth) {
        this.layers = List.copyOf(layers);
        this.queryWidth = queryWidth;
        this.keyWidth = keyWidth;
    }

    /**
     * Results of the layers, or their gradients.
     *
     * @param tensors one for each layer
     * @param parts the same as query, key and value
     */
    record Projected(List<Tensor> tensors, QueryKeyValue parts) {}

    List<Weight> weights() {
        return layers.stream().flatMap(layer -> layer.weights().stream()).toList();
    }

    /** Memory for the results of so many rows. */
    Projected allocate(Pass pass, int rows) {
        List<Tensor> tensors = new ArrayList<>();
        for (Linear layer : layers) {
            tensors.add(pass.take(rows, layer.outputs()));
        }
        if (layers.size() == 3) {
            return new Projected(tensors, new QueryKeyValue(tensors.get(0), tensors.get(1), tensors.get(2)));
        }
        Backend backend = pass.backend();
        Tensor fused = tensors.get(0);
        return new Projected(
                tensors,
                new QueryKeyValue(
                        backend.columns(fused, 0, queryWidth),
                        backend.columns(fused, queryWidth, keyWidth),
                        backend.columns(fused, queryWidth + keyWidth, keyWidth)));
    }

    void forward(Pass pass, Rows rows, Tensor input, Projected output) {
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).forward(pass, rows, input, output.tensors().get(i));
        }
    }

    void gradients(Pass pass, Rows rows, Tensor input, Projected gradient) {
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).gradients(pass, rows, input, gradient.tensors().get(i));
        }
    }

    void inputGradient(Pass pass, Projected gradient, Tensor inputGradient) {
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).inputGradient(pass, gradient.tensors().get(i), i == 0 ? 0f : 1f, inputGradient);
        }
    }
}
