package io.sparkpeft.config.choice;

import io.sparkpeft.mask.TensorFilter;

/** Among which tensors of the body the tuned weights are chosen. */
public enum TunedTensors {
    /** All of them. */
    ALL(TensorFilter.UPDATING),
    /** Matrices of linear layers, which adapters of PEFT can hold. */
    LINEAR(TensorFilter.LINEAR);

    private final TensorFilter filter;

    TunedTensors(TensorFilter filter) {
        this.filter = filter;
    }

    public TensorFilter filter() {
        return filter;
    }
}
