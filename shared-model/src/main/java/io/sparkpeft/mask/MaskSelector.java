package io.sparkpeft.mask;

import io.sparkpeft.mask.threshold.SelectionProcess;
import io.sparkpeft.spi.Named;
import io.sparkpeft.spi.Services;

/**
 * The scope within which scores are compared. Stateless; found through {@link java.util.ServiceLoader}. Whatever the
 * scope, the number selected is exact (of whole channels: as large as they allow without exceeding it), every tensor
 * stays within its guards, ties go to the lowest flat index and the slicing makes no difference.
 */
public interface MaskSelector extends Named {
    /** @throws IllegalArgumentException if the scope cannot choose what the task asks for */
    SelectionProcess start(SelectionTask task);

    static MaskSelector named(String name) {
        return Services.find(MaskSelector.class, "mask scope", name);
    }
}
