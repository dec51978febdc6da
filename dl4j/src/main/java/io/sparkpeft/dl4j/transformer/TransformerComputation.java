package io.sparkpeft.dl4j.transformer;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.dl4j.network.Floats;
import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.model.architecture.TransformerConfig;
import io.sparkpeft.model.transformer.OpenTransformer;
import io.sparkpeft.model.weights.OwnWeights;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorRole;
import java.util.Optional;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A {@link TransformerLayer} at work: forward and backward by the project's engine, from and to DL4J's flat vectors. The
 * weights are copied to the engine before every forward pass, since anybody may have changed them.
 */
public final class TransformerComputation extends BaseLayer<TransformerLayer> {
    private static final long serialVersionUID = 1;

    private final transient ModelDefinition definition;
    private final transient Backend backend;
    private final transient OwnWeights weights;
    private final transient OpenTransformer transformer;
    private final transient MaskIndex all;
    private final transient FlatGradient flat;
    private transient Optional<TokenInput> tokens = Optional.empty();

    TransformerComputation(NeuralNetConfiguration conf, DataType type, ModelDefinition definition) {
        super(conf, type);
        this.definition = definition;
        this.backend = BackendProvider.create("cpu");
        this.weights = new OwnWeights(backend, Parameters.zeros(definition.layout()));
        this.transformer = new OpenTransformer(definition, backend, weights);
        this.all = new MaskIndex(ParameterMask.all(definition.layout(), TensorRole.values()));
        this.flat = new FlatGradient(definition.layout(), backend);
    }

    /**
     * Takes weights over, such as those of a checkpoint.
     *
     * @throws IllegalArgumentException if they are of another model
     */
    public void load(Parameters pretrained) {
        if (!pretrained.layout().fingerprint().equals(definition.layout().fingerprint())) {
            throw new IllegalArgumentException("Cannot load weights: they are of another model than the layer");
        }
        TransformerParameters.write(pretrained, paramsFlattened);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        boolean drops = training && drops();
        TokenInput read = TokenInput.of(
                input,
                Optional.ofNullable(maskArray),
                layerConf().objective(),
                drops ? Optional.of(Nd4j.getRandom().nextLong()) : Optional.empty());
        weights.write(all, backend.vectors().view(Floats.of(paramsFlattened)));
        flat.clear();
        float[] logits = transformer.forward(read.batch(), training ? Optional.of(flat) : Optional.empty());
        tokens = Optional.of(read);
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, read.array(logits));
    }

    private boolean drops() {
        TransformerConfig.DropoutRates rates = definition.config().dropout();
        return rates.embedding()
                        + rates.attention()
                        + rates.attentionOutput()
                        + rates.feedForwardOutput()
                        + rates.classifier()
                > 0;
    }

    /** The gradients of the weights, summed over the examples as DL4J has them; none of the tokens, which DL4J says by null. */
    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        TokenInput read = tokens.orElseThrow(
                () -> new IllegalStateException("Cannot go backward: there was no forward pass for it"));
        transformer.backward(read.packed(epsilon));
        gradientsFlattened.assign(Floats.row(flat.values()).reshape(gradientsFlattened.shape()));
        Gradient gradient = new DefaultGradient(gradientsFlattened);
        gradientViews.forEach((key, view) -> gradient.setGradientFor(key, view));
        return new Pair<>(gradient, null);
    }

    /** A language model's logits are masked as its tokens are; a classifier has one row of them for each example. */
    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray mask, MaskState state, int examples) {
        setMaskArray(mask);
        return new Pair<>(layerConf().objective().isLanguageModel() ? mask : null, state);
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public void close() {
        transformer.close();
        backend.close();
    }
}
