package io.sparkpeft.compute;

import io.sparkpeft.compute.argument.Entries;
import java.util.Arrays;
import java.util.Optional;

/** Vectors that are arrays, for backends whose tensors the processor reaches. */
public final class HeapVectors implements MaskVectors {
    private final Backend backend;
    private float[] rows = new float[0];

    /** @param backend whose tensors the vectors are gathered from and scattered to */
    public HeapVectors(Backend backend) {
        this.backend = backend;
    }

    private record HeapVector(float[] values) implements MaskVector {
        @Override
        public int size() {
            return values.length;
        }
    }

    private static float[] of(MaskVector vector) {
        if (vector instanceof HeapVector heap) {
            return heap.values();
        }
        throw new IllegalArgumentException("Cannot use a %s as an array: another backend made it"
                .formatted(vector.getClass().getSimpleName()));
    }

    @Override
    public MaskVector allocate(int size) {
        return new HeapVector(new float[size]);
    }

    @Override
    public MaskVector copyOf(float[] values) {
        return new HeapVector(values.clone());
    }

    @Override
    public MaskVector view(float[] values) {
        return new HeapVector(values);
    }

    @Override
    public void free(MaskVector vector) {
        of(vector);
    }

    @Override
    public float[] array(MaskVector source) {
        return of(source);
    }

    @Override
    public void write(float[] values, MaskVector target) {
        if (values != of(target)) {
            System.arraycopy(values, 0, of(target), 0, target.size());
        }
    }

    @Override
    public void copy(MaskVector source, int from, MaskVector target) {
        System.arraycopy(of(source), from, of(target), 0, target.size());
    }

    @Override
    public void clear(MaskVector target, int from, int count) {
        Arrays.fill(of(target), from, from + count, 0f);
    }

    @Override
    public void scale(float factor, MaskVector target) {
        float[] values = of(target);
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }

    @Override
    public double norm(MaskVector values) {
        return backend.norm(of(values));
    }

    @Override
    public void set(Tensor source, MaskVector target, int offset) {
        backend.download(source, of(target), offset);
    }

    @Override
    public void addAll(Tensor source, MaskVector target, int offset) {
        backend.addAll(source, of(target), offset);
    }

    @Override
    public void addGathered(Tensor source, int[] indices, MaskVector target, int offset) {
        backend.addGathered(source, indices, of(target), offset);
    }

    @Override
    public void addSampledProduct(Tensor left, Tensor right, Entries entries, MaskVector target, int offset) {
        backend.addSampledProduct(left, right, entries, of(target), offset);
    }

    @Override
    public void addRows(Tensor source, int[] ids, MaskVector target, int offset) {
        float[] block = fetched(source);
        float[] values = of(target);
        int columns = source.columns();
        for (int r = 0; r < source.rows(); r++) {
            int start = offset + ids[r] * columns;
            for (int c = 0; c < columns; c++) {
                values[start + c] += block[r * columns + c];
            }
        }
    }

    @Override
    public void addRows(Tensor source, int[] ids, Entries entries, MaskVector target, int offset) {
        float[] block = fetched(source);
        float[] values = of(target);
        int columns = source.columns();
        int[] indices = entries.indices();
        int[] starts = entries.starts();
        for (int r = 0; r < source.rows(); r++) {
            int shift = (r - ids[r]) * columns;
            for (int i = starts[ids[r]]; i < starts[ids[r] + 1]; i++) {
                values[offset + i] += block[indices[i] + shift];
            }
        }
    }

    private float[] fetched(Tensor source) {
        if (rows.length < source.size()) {
            rows = new float[source.size()];
        }
        backend.download(source, rows, 0);
        return rows;
    }

    @Override
    public void store(MaskVector values, int offset, Tensor target) {
        backend.upload(of(values), offset, target);
    }

    @Override
    public void scatter(MaskVector values, int offset, int[] indices, Tensor target) {
        backend.scatter(of(values), offset, indices, target);
    }

    @Override
    public Optional<AdamKernel> adam() {
        return Optional.empty();
    }
}
