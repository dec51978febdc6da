package io.sparkpeft.spark.memory;

import io.sparkpeft.failure.JobException;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;

/**
 * Memory of the driver or of an executor, as Spark's settings give it, in MiB. What {@code spark.memory.offHeap.size} takes is
 * no part of it: Spark adds that to the container by itself.
 *
 * @param process driver or executor
 * @param heap of the JVM
 * @param tensors most that tensors take outside the heap ({@code org.bytedeco.javacpp.maxbytes}; the heap's size if unset)
 * @param resident memory of the process at which tensors are refused ({@code maxphysicalbytes}); empty if unset
 * @param overhead what the container has beside the heap
 */
record ProcessMemory(String process, long heap, long tensors, OptionalLong resident, long overhead) {
    private static final String PREFIX = "org.bytedeco.javacpp.";
    private static final long SMALLEST_OVERHEAD = 384;

    static ProcessMemory of(String process, SparkConf conf) {
        String key = "spark." + process;
        long heap = conf.getSizeAsMb(key + ".memory", "1g");
        String options = conf.get(key + ".defaultJavaOptions", "") + " " + conf.get(key + ".extraJavaOptions", "");
        return new ProcessMemory(
                process,
                heap,
                mebibytes(options, "maxbytes").orElse(heap),
                mebibytes(options, "maxphysicalbytes"),
                overhead(key, heap, conf));
    }

    private static long overhead(String key, long heap, SparkConf conf) {
        double factor = conf.getDouble(
                key + ".memoryOverheadFactor", conf.getDouble("spark.kubernetes.memoryOverheadFactor", 0.1));
        long least = conf.getSizeAsMb(key + ".minMemoryOverhead", SMALLEST_OVERHEAD + "m");
        return conf.getSizeAsMb(key + ".memoryOverhead", Math.max((long) (factor * heap), least) + "m");
    }

    /** The last value given, as the JVM takes it. */
    private static OptionalLong mebibytes(String options, String name) {
        Matcher matcher =
                Pattern.compile("-D" + Pattern.quote(PREFIX + name) + "=(\\S+)").matcher(options);
        OptionalLong found = OptionalLong.empty();
        while (matcher.find()) {
            long bytes = JavaUtils.byteStringAsBytes(matcher.group(1));
            // JavaCPP takes 0 for no limit.
            found = bytes > 0 ? OptionalLong.of(bytes >> 20) : OptionalLong.empty();
        }
        return found;
    }

    /** @throws JobException if tensors would be refused before they reach their own limit */
    void requireRoomForTensors() {
        if (resident.isPresent() && resident.getAsLong() < heap + tensors) {
            throw JobException.config(
                    ("Invalid memory of the %1$s: %2$smaxphysicalbytes of %3$d MiB is less than the heap of %4$d MiB"
                                    + " (spark.%1$s.memory) and the tensors of %5$d MiB (%2$smaxbytes) together")
                            .formatted(process, PREFIX, resident.getAsLong(), heap, tensors));
        }
    }

    /** @throws JobException if the process may grow larger than the container that the cluster gives it */
    void requireFitsContainer() {
        if (tensors > overhead) {
            throw JobException.config(
                    ("Invalid memory of the %1$s: the heap of %2$d MiB and the tensors of %3$d MiB outside it"
                                    + " (%4$smaxbytes, OFF_HEAP of submit.sh) do not fit into a container of %5$d MiB;"
                                    + " set spark.%1$s.memoryOverhead, now %6$d MiB, to %7$d MiB or more")
                            .formatted(
                                    process,
                                    heap,
                                    tensors,
                                    PREFIX,
                                    heap + overhead,
                                    overhead,
                                    tensors + SMALLEST_OVERHEAD));
        }
    }
}
