package io.sparkpeft.model.layer;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Query, key and value of attention, by three linear layers or by one whose columns are all three. Where a block keeps
 * some rows only, there are queries of these rows alone.
 */
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
    public record Projected(List<Tensor> tensors, QueryKeyValue parts) {}

    public List<Weight> weights() {
        return layers.stream().flatMap(layer -> layer.weights().stream()).toList();
    }

    private boolean isFused() {
        return layers.size() == 1;
    }

    /** Memory for the results. */
    public Projected allocate(Pass pass, Flow flow) {
        int rows = flow.rows().count();
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            boolean query = i == 0 && !isFused();
            tensors.add(
                    pass.take(query ? flow.kept().count() : rows, layers.get(i).outputs()));
        }
        if (!isFused()) {
            return new Projected(tensors, new QueryKeyValue(tensors.get(0), tensors.get(1), tensors.get(2)));
        }
        Backend backend = pass.backend();
        Tensor fused = tensors.get(0);
        return new Projected(
                tensors,
                new QueryKeyValue(
                        flow.narrows() ? pass.take(flow.kept().count(), queryWidth) : queries(backend, fused),
                        backend.columns(fused, queryWidth, keyWidth),
                        backend.columns(fused, queryWidth + keyWidth, keyWidth)));
    }

    private Tensor queries(Backend backend, Tensor fused) {
        return backend.columns(fused, 0, queryWidth);
    }

    /** The rows of the block's input that ask: what the query layer reads. */
    public Tensor asking(Pass pass, Flow flow, Tensor input) {
        if (!flow.narrows() || isFused()) {
            return input;
        }
        Tensor asking = pass.take(flow.kept().count(), input.columns());
        pass.backend().gatherRows(input, flow.ids(), asking);
        return asking;
    }

    /** @param asking what {@link #asking} gave for the input */
    public void forward(Pass pass, Flow flow, Tensor input, Tensor asking, Projected output) {
        layers.get(0)
                .forward(
                        pass,
                        isFused() ? flow.rows() : flow.kept(),
                        asking,
                        output.tensors().get(0));
        for (int i = 1; i < layers.size(); i++) {
            layers.get(i).forward(pass, flow.rows(), input, output.tensors().get(i));
        }
        if (isFused() && flow.narrows()) {
            Backend backend = pass.backend();
            Tensor fused = output.tensors().get(0);
            backend.gatherRows(
                    queries(backend, fused), flow.ids(), output.parts().query());
        }
    }

    public void gradients(Pass pass, Flow flow, Tensor input, Tensor asking, Projected gradient) {
        if (isFused() && flow.narrows()) {
            Backend backend = pass.backend();
            Tensor queries = queries(backend, gradient.tensors().get(0));
            backend.fill(queries, 0f);
            backend.scatterAddRows(gradient.parts().query(), flow.ids(), queries);
        }
        layers.get(0)
                .gradients(
                        pass,
                        isFused() ? flow.rows() : flow.kept(),
                        asking,
                        gradient.tensors().get(0));
        for (int i = 1; i < layers.size(); i++) {
            layers.get(i).gradients(pass, flow.rows(), input, gradient.tensors().get(i));
        }
    }

    /** After {@link #gradients}. */
    public void inputGradient(Pass pass, Flow flow, Projected gradient, Tensor inputGradient) {
        boolean apart = flow.narrows() && !isFused();
        for (int i = apart ? 1 : 0; i < layers.size(); i++) {
            float beta = i == (apart ? 1 : 0) ? 0f : 1f;
            layers.get(i).inputGradient(pass, gradient.tensors().get(i), beta, inputGradient);
        }
        if (apart) {
            Tensor asking = pass.take(flow.kept().count(), inputGradient.columns());
            layers.get(0).inputGradient(pass, gradient.tensors().get(0), 0f, asking);
            pass.backend().scatterAddRows(asking, flow.ids(), inputGradient);
        }
    }
}
