package io.sparkpeft.dl4j.network;

import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.Parameters;

/** A flat vector of weights cut into the tensors of a layout, and back. */
public final class FlatWeights {
    private FlatWeights() {}

    public static Parameters split(ParameterLayout layout, float[] flat) {
        Parameters parameters = Parameters.zeros(layout);
        for (int t = 0; t < layout.count(); t++) {
            float[] tensor = parameters.tensor(t);
            System.arraycopy(flat, Math.toIntExact(layout.offset(t)), tensor, 0, tensor.length);
        }
        return parameters;
    }

    public static float[] join(Parameters parameters) {
        ParameterLayout layout = parameters.layout();
        float[] flat = new float[Math.toIntExact(layout.size())];
        for (int t = 0; t < layout.count(); t++) {
            float[] tensor = parameters.tensor(t);
            System.arraycopy(tensor, 0, flat, Math.toIntExact(layout.offset(t)), tensor.length);
        }
        return flat;
    }
}
