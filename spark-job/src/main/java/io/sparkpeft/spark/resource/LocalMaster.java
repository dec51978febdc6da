package io.sparkpeft.spark.resource;

import org.apache.spark.SparkConf;

/** The masters with which tasks run in the driver's own process. */
public final class LocalMaster {
    private LocalMaster() {}

    /** Whether Spark's settings name one; {@code local-cluster} is none. */
    public static boolean isIn(SparkConf conf) {
        String master = conf.get("spark.master", "local");
        return master.startsWith("local") && !master.startsWith("local-cluster");
    }
}
