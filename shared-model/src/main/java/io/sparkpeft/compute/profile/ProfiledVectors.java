package io.sparkpeft.compute.profile;

import io.sparkpeft.compute.MaskVector;
import io.sparkpeft.compute.MaskVectors;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Entries;
import java.util.Optional;

/** The vectors of a backend that counts. */
final class ProfiledVectors implements MaskVectors {
    private final MaskVectors vectors;
    private final KernelClock clock;

    ProfiledVectors(MaskVectors vectors, KernelClock clock) {
        this.vectors = vectors;
        this.clock = clock;
    }

    @Override
    public MaskVector allocate(int size) {
        return vectors.allocate(size);
    }

    @Override
    public MaskVector copyOf(float[] values) {
        return vectors.copyOf(values);
    }

    @Override
    public MaskVector view(float[] values) {
        return vectors.view(values);
    }

    @Override
    public void free(MaskVector vector) {
        vectors.free(vector);
    }

    @Override
    public float[] array(MaskVector source) {
        return vectors.array(source);
    }

    @Override
    public void write(float[] values, MaskVector target) {
        vectors.write(values, target);
    }

    @Override
    public void copy(MaskVector source, int from, MaskVector target) {
        vectors.copy(source, from, target);
    }

    @Override
    public void clear(MaskVector target, int from, int count) {
        vectors.clear(target, from, count);
    }

    @Override
    public void scale(float factor, MaskVector target) {
        vectors.scale(factor, target);
    }

    @Override
    public double norm(MaskVector values) {
        clock.start();
        double norm = vectors.norm(values);
        clock.stop(Kernel.NORM, values.size());
        return norm;
    }

    @Override
    public void set(Tensor source, MaskVector target, int offset) {
        clock.start();
        vectors.set(source, target, offset);
        clock.stop(Kernel.DOWNLOAD, source.size());
    }

    @Override
    public void addAll(Tensor source, MaskVector target, int offset) {
        clock.start();
        vectors.addAll(source, target, offset);
        clock.stop(Kernel.ADD_ALL, source.size());
    }

    @Override
    public void addGathered(Tensor source, int[] indices, MaskVector target, int offset) {
        clock.start();
        vectors.addGathered(source, indices, target, offset);
        clock.stop(Kernel.ADD_GATHERED, indices.length);
    }

    @Override
    public void addSampledProduct(Tensor left, Tensor right, Entries entries, MaskVector target, int offset) {
        clock.start();
        vectors.addSampledProduct(left, right, entries, target, offset);
        clock.stopSampledProduct(left, right, entries);
    }

    @Override
    public void addRows(Tensor source, int[] ids, MaskVector target, int offset) {
        clock.start();
        vectors.addRows(source, ids, target, offset);
        clock.stop(Kernel.ADD_MASKED_ROWS, source.size());
    }

    @Override
    public void addRows(Tensor source, int[] ids, Entries entries, MaskVector target, int offset) {
        clock.start();
        vectors.addRows(source, ids, entries, target, offset);
        clock.stop(Kernel.ADD_MASKED_ROWS, source.size());
    }

    @Override
    public void store(MaskVector values, int offset, Tensor target) {
        clock.start();
        vectors.store(values, offset, target);
        clock.stop(Kernel.UPLOAD, target.size());
    }

    @Override
    public void scatter(MaskVector values, int offset, int[] indices, Tensor target) {
        clock.start();
        vectors.scatter(values, offset, indices, target);
        clock.stop(Kernel.SCATTER, indices.length);
    }

    @Override
    public Optional<AdamKernel> adam() {
        return vectors.adam();
    }
}
