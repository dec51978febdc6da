package io.sparkpeft.benchmark.merge;

import java.util.Locale;

/** How the updates of all shards become one. */
public enum MergeMethod {
    /** All go to the driver, which sums them in shard order. */
    DRIVER,
    /** Slices of equal number meet in a shuffle and are summed in shard order on executors. */
    SHUFFLE,
    /** Spark's treeAggregate: sums in whatever order tasks end. */
    TREE;

    /** @throws IllegalArgumentException if there is none of that name; the message lists those there are */
    public static MergeMethod named(String name) {
        for (MergeMethod method : values()) {
            if (method.key().equals(name)) {
                return method;
            }
        }
        throw new IllegalArgumentException("Invalid --method: %s is none of driver, shuffle, tree".formatted(name));
    }

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
