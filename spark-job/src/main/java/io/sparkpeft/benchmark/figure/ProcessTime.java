package io.sparkpeft.benchmark.figure;

import java.lang.management.ManagementFactory;

/** Time that processors gave this process, which other load on the machine disturbs least. */
public final class ProcessTime {
    private ProcessTime() {}

    /** Milliseconds of all threads since the process began. */
    public static double milliseconds() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                        .getProcessCpuTime()
                / 1e6;
    }
}
