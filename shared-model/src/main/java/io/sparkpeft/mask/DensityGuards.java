package io.sparkpeft.mask;

/**
 * Bounds on the share of each tensor's weights that a mask may choose, so that no tensor is emptied or swallows the
 * whole budget. Where a tensor has fewer candidates than the bound asks for, all of them count.
 *
 * @param minimum least share of a tensor's weights
 * @param maximum largest share of a tensor's weights
 */
public record DensityGuards(double minimum, double maximum) {
    public static final DensityGuards NONE = new DensityGuards(0, 1);

    public DensityGuards {
        if (!(minimum >= 0 && minimum <= maximum && maximum <= 1)) {
            throw new IllegalArgumentException("Invalid density guards: %s to %s".formatted(minimum, maximum));
        }
    }

    /** Fewest weights of a tensor, rounded down so that bounds equal to the density itself can be met. */
    public long least(long size, long candidates) {
        return Math.min(candidates, (long) Math.floor(minimum * size));
    }

    /** Most weights of a tensor, rounded up for the same reason. */
    public long most(long size, long candidates) {
        return Math.min(candidates, (long) Math.ceil(maximum * size));
    }
}
