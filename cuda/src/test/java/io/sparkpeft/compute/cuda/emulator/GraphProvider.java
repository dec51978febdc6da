package io.sparkpeft.compute.cuda.emulator;

import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.graph.GraphDevice;
import io.sparkpeft.compute.cuda.graph.GraphPolicy;

/** The cuda backend on an {@link EmulatedDevice}, every call of which is kept and launched as a graph or part of one. */
public final class GraphProvider extends EmulatedProvider {
    public static final String NAME = "cuda-emulated-graphs";
    /** A graph of every segment, at first sight. */
    public static final GraphPolicy EAGER = new GraphPolicy(1, 1, 8, true);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    Device device() {
        return new GraphDevice(super.device(), EAGER);
    }
}
