package io.sparkpeft.compute.cuda.emulator;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.compute.cuda.CudaBackend;
import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.memory.MemoryBudget;
import java.util.Optional;
import java.util.Set;

/** The cuda backend on an {@link EmulatedDevice}. */
public class EmulatedProvider implements BackendProvider {
    public static final String NAME = "cuda-emulated";

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
                device(), new MemoryBudget(EmulatedDevice.FACTS, EmulatedDevice.FACTS.memory()), precision);
    }

    /** What a backend computes on. */
    Device device() {
        return new EmulatedDevice();
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
