package io.sparkpeft.dl4j.replica;

import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.dl4j.network.Dl4jModel;
import io.sparkpeft.dl4j.network.Floats;
import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.dl4j.network.NetworkLayout;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/**
 * All that executors need to build the network: broadcast once for a whole series of rounds. It travels as bytes of Java
 * serialisation, whatever serialiser Spark is set to.
 */
public final class BaseNetwork implements Serializable {
    private static final long serialVersionUID = 1;

    private final boolean graph;
    private final String configuration;
    private final float[] weights;
    private final List<String> heads;
    private final RoaringBitmap[] updateMask;

    /**
     * @param weights all weights, pruned ones at 0
     * @param updateMask the weights that are tuned
     */
    public BaseNetwork(Network network, float[] weights, List<String> heads, ParameterMask updateMask) {
        this.graph = network.isGraph();
        this.configuration = network.configuration();
        this.weights = weights;
        this.heads = heads;
        this.updateMask = new RoaringBitmap[updateMask.layout().count()];
        for (int t = 0; t < this.updateMask.length; t++) {
            this.updateMask[t] = updateMask.tensor(t);
        }
    }

    public byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(this);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot send the network: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    public static BaseNetwork of(byte[] bytes) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return (BaseNetwork) in.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException("Cannot read the network that the driver sent: " + e.getMessage(), e);
        }
    }

    /** Builds the network anew. */
    public Replica replica(Dl4jModel.Mode mode) {
        Network network = Network.read(graph, configuration, Floats.row(weights));
        NetworkLayout layout = NetworkLayout.of(network, heads);
        Dl4jModel model = new Dl4jModel(network, layout, BackendProvider.create("cpu"), mode);
        MaskIndex update = new MaskIndex(new ParameterMask(layout.layout(), updateMask.clone()));
        return new Replica(model, new CarriedWeights(update, new MaskIndex(layout.statistics())));
    }
}
