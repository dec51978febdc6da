package io.sparkpeft.param;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The tensors of a model in a fixed order. A weight is named either by (tensor, index in tensor) or by its flat index,
 * the position in the concatenation of all tensors; ties between weights are broken by the flat index.
 */
public final class ParameterLayout {
    private final List<TensorSpec> tensors;
    private final long[] offsets;
    private final Map<String, Integer> byName = new HashMap<>();

    public ParameterLayout(List<TensorSpec> tensors) {
        this.tensors = List.copyOf(tensors);
        this.offsets = new long[tensors.size() + 1];
        for (int t = 0; t < tensors.size(); t++) {
            TensorSpec spec = tensors.get(t);
            offsets[t + 1] = offsets[t] + spec.size();
            if (byName.put(spec.name(), t) != null) {
                throw new IllegalArgumentException("Invalid layout: tensor %s appears twice".formatted(spec.name()));
            }
        }
    }

    public List<TensorSpec> tensors() {
        return tensors;
    }

    public TensorSpec tensor(int index) {
        return tensors.get(index);
    }

    public int count() {
        return tensors.size();
    }

    /** Flat index of the first entry of a tensor; {@code offset(count())} is the size of the whole. */
    public long offset(int tensor) {
        return offsets[tensor];
    }

    /** Number of weights in all tensors. */
    public long size() {
        return offsets[tensors.size()];
    }

    /** Number of weights in tensors of one role. */
    public long size(TensorRole role) {
        return tensors.stream()
                .filter(t -> t.role() == role)
                .mapToLong(TensorSpec::size)
                .sum();
    }

    /** Indices of the tensors of one role, ascending. */
    public int[] indicesOf(TensorRole role) {
        return IntStream.range(0, count())
                .filter(t -> tensors.get(t).role() == role)
                .toArray();
    }

    public boolean contains(String name) {
        return byName.containsKey(name);
    }

    /**
     * Index of the tensor of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public int indexOf(String name) {
        Integer index = byName.get(name);
        if (index == null) {
            throw new IllegalArgumentException("Cannot find tensor %s: the model has no such tensor".formatted(name));
        }
        return index;
    }

    /** Index of the tensor that holds a flat index. */
    public int tensorAt(long flatIndex) {
        int low = 0;
        int high = tensors.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (offsets[middle] <= flatIndex) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Hex SHA-256 over names, shapes and kinds; roles do not count, since they depend on the task. */
    public String fingerprint() {
        Fingerprint print = new Fingerprint();
        for (TensorSpec t : tensors) {
            print.add("%s %d %d %s\n"
                    .formatted(t.name(), t.rows(), t.columns(), t.kind())
                    .getBytes(StandardCharsets.UTF_8));
        }
        return print.hex();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ParameterLayout that && tensors.equals(that.tensors);
    }

    @Override
    public int hashCode() {
        return tensors.hashCode();
    }
}
