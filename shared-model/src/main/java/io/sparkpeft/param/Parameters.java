package io.sparkpeft.param;

/**
 * All weights of a model in ordinary memory, one float array per tensor in layout order, row-major. The arrays are
 * shared, not copied.
 */
public final class Parameters implements WeightSource {
    private final ParameterLayout layout;
    private final float[][] values;

    public Parameters(ParameterLayout layout, float[][] values) {
        if (values.length != layout.count()) {
            throw new IllegalArgumentException(
                    "Invalid parameters: %d arrays for %d tensors".formatted(values.length, layout.count()));
        }
        for (int t = 0; t < values.length; t++) {
            TensorSpec spec = layout.tensor(t);
            if (values[t].length != spec.size()) {
                throw new IllegalArgumentException("Invalid parameters: tensor %s has %d values, its shape says %d"
                        .formatted(spec.name(), values[t].length, spec.size()));
            }
        }
        this.layout = layout;
        this.values = values;
    }

    /** Parameters of all zeros. */
    public static Parameters zeros(ParameterLayout layout) {
        float[][] values = new float[layout.count()][];
        for (int t = 0; t < values.length; t++) {
            values[t] = new float[layout.tensor(t).size()];
        }
        return new Parameters(layout, values);
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    /** The values of one tensor: the array itself, not a copy. */
    @Override
    public float[] tensor(int index) {
        return values[index];
    }

    @Override
    public void read(int tensor, int from, int count, float[] target, int offset) {
        System.arraycopy(values[tensor], from, target, offset, count);
    }

    public float[] tensor(String name) {
        return values[layout.indexOf(name)];
    }

    public Parameters copy() {
        float[][] copy = new float[values.length][];
        for (int t = 0; t < copy.length; t++) {
            copy[t] = values[t].clone();
        }
        return new Parameters(layout, copy);
    }
}
