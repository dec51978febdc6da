package io.sparkpeft.spark.memory;

import io.sparkpeft.spark.resource.LocalMaster;
import org.apache.spark.SparkConf;

/**
 * Whether the limits of memory agree with each other: heap, tensors outside it, and the container of the process. Told
 * before Spark starts, since a container that grows too large is killed without a word of why.
 */
public final class MemoryRules {
    private MemoryRules() {}

    /**
     * @param conf what spark-submit was given
     * @throws io.sparkpeft.failure.JobException if limits contradict each other
     */
    public static void check(SparkConf conf) {
        String master = conf.get("spark.master", "local");
        boolean inContainers = master.startsWith("yarn") || master.startsWith("k8s");
        ProcessMemory driver = ProcessMemory.of("driver", conf);
        driver.requireRoomForTensors();
        if (inContainers && conf.get("spark.submit.deployMode", "client").equals("cluster")) {
            driver.requireFitsContainer();
        }
        if (!LocalMaster.isIn(conf)) {
            ProcessMemory executor = ProcessMemory.of("executor", conf);
            executor.requireRoomForTensors();
            if (inContainers) {
                executor.requireFitsContainer();
            }
        }
    }
}
