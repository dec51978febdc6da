package io.sparkpeft.dl4j.transformer;

import io.sparkpeft.dl4j.network.Floats;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Where a transformer's tensors are in DL4J's flat vector: one after the other in the order of the layout, row by row. */
final class TransformerParameters implements ParamInitializer {
    static final TransformerParameters INSTANCE = new TransformerParameters();

    private TransformerParameters() {}

    private static ParameterLayout layout(Layer layer) {
        return ((TransformerLayer) layer).definition().layout();
    }

    /** DL4J takes what follows the last underscore of a weight's full name for its key. */
    static String key(TensorSpec tensor) {
        return tensor.name().replace('_', '-');
    }

    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return layout(layer).size();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return layout(layer).tensors().stream().map(TransformerParameters::key).toList();
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return paramKeys(layer).stream()
                .filter(key -> isWeightParam(layer, key))
                .toList();
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return paramKeys(layer).stream().filter(key -> isBiasParam(layer, key)).toList();
    }

    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return layout(layer).tensors().stream()
                .anyMatch(tensor -> key(tensor).equals(key) && tensor.kind() != TensorKind.VECTOR);
    }

    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return !isWeightParam(layer, key);
    }

    /** Views of the flat vector; drawn from the configuration's seed where that is asked for. */
    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray flat, boolean initialise) {
        if (initialise) {
            try {
                TransformerLayer layer = (TransformerLayer) conf.getLayer();
                Parameters drawn = layer.checkpoint().load(conf.getSeed()).parameters();
                write(drawn, flat);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot draw the weights of a transformer: " + e.getMessage(), e);
            }
        }
        return views(layout(conf.getLayer()), flat);
    }

    /** Copies weights to a flat vector. */
    static void write(Parameters weights, INDArray flat) {
        ParameterLayout layout = weights.layout();
        float[] values = new float[Math.toIntExact(layout.size())];
        for (int t = 0; t < layout.count(); t++) {
            float[] tensor = weights.tensor(t);
            System.arraycopy(tensor, 0, values, Math.toIntExact(layout.offset(t)), tensor.length);
        }
        flat.assign(Floats.row(values).reshape(flat.shape()));
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray flat) {
        return views(layout(conf.getLayer()), flat);
    }

    private static Map<String, INDArray> views(ParameterLayout layout, INDArray flat) {
        Map<String, INDArray> views = new LinkedHashMap<>();
        INDArray row = flat.reshape(flat.length());
        for (int t = 0; t < layout.count(); t++) {
            TensorSpec tensor = layout.tensor(t);
            INDArray part = row.get(NDArrayIndex.interval(layout.offset(t), layout.offset(t + 1)));
            views.put(key(tensor), part.reshape('c', tensor.rows(), tensor.columns()));
        }
        return views;
    }
}
