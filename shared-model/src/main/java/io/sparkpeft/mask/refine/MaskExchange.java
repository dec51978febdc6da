package io.sparkpeft.mask.refine;

import io.sparkpeft.mask.SelectionTask;
import io.sparkpeft.param.ParameterMask;

/**
 * An exchange of tuned weights under way.
 *
 * @param staying weights that stay tuned
 * @param growth the selection, by importance, of as many new ones as were dropped
 */
public record MaskExchange(ParameterMask staying, SelectionTask growth) {
    /** The new update mask, of the same size as the old. */
    public ParameterMask finish(ParameterMask grown) {
        return staying.union(grown);
    }
}
