package io.sparkpeft.compute.cuda.emulator;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.Precision;
import io.sparkpeft.compute.cuda.CudaBackend;
import io.sparkpeft.compute.cuda.graph.GraphDevice;
import io.sparkpeft.compute.cuda.graph.GraphPolicy;
import io.sparkpeft.compute.cuda.memory.MemoryBudget;
import java.util.Optional;
import java.util.Set;

/** The cuda backend on an {@link EmulatedDevice}, every call of which is kept and launched as a graph or part of one. */
public final class GraphProvider implements BackendProvider {
    public static final String NAME = "cuda-emulated-graphs";
    /** A graph of every segment, at first sight. */
    public static final GraphPolicy EAGER = new GraphPolicy(1, 1, 8, true);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Backend create() {
        return create(Optional.empty(), Precision.FLOAT32);
    }

    @Override
    public Backend create(Optional<String> gpu, Precision precision) {
        return new CudaBackend(
                new GraphDevice(new EmulatedDevice(), EAGER),
                new MemoryBudget(EmulatedDevice.FACTS, EmulatedDevice.FACTS.memory()),
                precision);
    }

    @Override
    public Set<Precision> precisions() {
        return Set.of(Precision.values());
    }

    @Override
    public Optional<String> missing() {
        return Emulator.missing();
    }
}
