package io.sparkpeft.benchmark.merge;

import io.sparkpeft.config.bind.Names;

/** How the updates of all shards become one. */
public enum MergeMethod {
    /** All go to the driver, which sums them in shard order. */
    DRIVER,
    /** Slices of equal number meet in a shuffle and are summed in shard order on executors. */
    SHUFFLE,
    /** Spark's treeAggregate: sums in whatever order tasks end. */
    TREE;

    public String key() {
        return Names.value(this);
    }
}
