package io.sparkpeft.spark.resource;

import io.sparkpeft.compute.BackendChoice;
import io.sparkpeft.failure.JobException;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.resource.ExecutorResourceRequests;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;

/**
 * GPUs that the tasks of training rounds hold and no others, by Spark's stage-level scheduling. With dynamic allocation
 * rounds have executors of their own, and only those have GPUs, which go back to the cluster when they are idle. Without,
 * every executor has GPUs ({@code spark.executor.resource.gpu.amount}), and rounds run as many tasks as those suffice for
 * while all other stages use every core, but for those that compute on GPUs, which hold them too.
 */
public final class TrainingGpus {
    /** GPUs of each task: at most 0.5, or a whole number. Where it is not set, rounds ask for what all tasks do. */
    static final String TASK = "spark.sparkpeft.train.task.gpus";
    /** GPUs of each executor that dynamic allocation starts for rounds; where not set, enough for one task. */
    static final String EXECUTOR = "spark.sparkpeft.train.executor.gpus";
    /** Where executors find the script that prints their GPUs; standalone workers have their own. */
    static final String SCRIPT = "spark.sparkpeft.train.executor.gpuDiscoveryScript";
    /** What Kubernetes calls who made the GPUs. */
    static final String VENDOR = "spark.sparkpeft.train.executor.gpuVendor";

    private static final String GPU = "gpu";
    private static final String DYNAMIC = "spark.dynamicAllocation.enabled";
    private static final String ALL_EXECUTORS = "spark.executor.resource.gpu.amount";
    private static final String ALL_TASKS = "spark.task.resource.gpu.amount";

    private final Optional<ResourceProfile> profile;

    private final boolean isDynamic;

    private TrainingGpus(Optional<ResourceProfile> profile, boolean isDynamic) {
        this.profile = profile;
        this.isDynamic = isDynamic;
    }

    /**
     * Reads what was asked for.
     *
     * @throws JobException if Spark could not give it, which otherwise would wait for ever or fail at the first round
     */
    public static TrainingGpus of(SparkConf conf) {
        if (!conf.contains(TASK)) {
            return new TrainingGpus(Optional.empty(), false);
        }
        double task = amount(TASK, conf.get(TASK));
        String master = conf.get("spark.master", "local");
        if (LocalMaster.isIn(conf)) {
            throw cannot("on " + master, "Spark schedules them on standalone, YARN and Kubernetes alone");
        }
        if (conf.contains(ALL_TASKS)) {
            throw cannot("alone", "%s=%s gives them to all tasks".formatted(ALL_TASKS, conf.get(ALL_TASKS)));
        }
        ResourceProfileBuilder builder =
                new ResourceProfileBuilder().require(new TaskResourceRequests().resource(GPU, task));
        boolean isDynamic = conf.getBoolean(DYNAMIC, false);
        if (isDynamic) {
            builder.require(executor(conf, master, task));
        } else {
            requireEnough(
                    ALL_EXECUTORS,
                    conf.get(ALL_EXECUTORS, "0"),
                    task,
                    "set it, or %s=true, with which rounds have executors of their own".formatted(DYNAMIC));
        }
        return new TrainingGpus(Optional.of(builder.build()), isDynamic);
    }

    private static ExecutorResourceRequests executor(SparkConf conf, String master, double task) {
        String amount = conf.get(EXECUTOR, Integer.toString((int) Math.ceil(task)));
        requireEnough(EXECUTOR, amount, task, "an executor must have enough for one task");
        String script = conf.get(SCRIPT, "");
        String vendor = conf.get(VENDOR, "");
        boolean isOnKubernetes = master.startsWith("k8s");
        if (script.isEmpty() && (isOnKubernetes || master.startsWith("yarn"))) {
            throw cannot("on " + master, "executors find their GPUs by a script, and %s is not set".formatted(SCRIPT));
        }
        if (vendor.isEmpty() && isOnKubernetes) {
            throw cannot("on " + master, "%s, such as nvidia.com, is not set".formatted(VENDOR));
        }
        return new ExecutorResourceRequests().resource(GPU, (long) amount(EXECUTOR, amount), script, vendor);
    }

    private static void requireEnough(String key, String value, double task, String advice) {
        double amount = value.equals("0") ? 0 : amount(key, value);
        if (amount < Math.ceil(task)) {
            throw cannot("%s for each task".formatted(text(task)), "%s is %s; %s".formatted(key, text(amount), advice));
        }
    }

    /** A number that Spark takes for an amount. */
    private static double amount(String key, String value) {
        double amount = number(value);
        if (amount > 0 && (amount <= 0.5 || amount == Math.rint(amount))) {
            return amount;
        }
        throw JobException.config("Invalid %s: %s; it is a whole number, or at most 0.5".formatted(key, value));
    }

    private static double number(String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static String text(double amount) {
        return amount == Math.rint(amount) ? Long.toString((long) amount) : Double.toString(amount);
    }

    private static JobException cannot(String where, String why) {
        return JobException.config("Cannot give GPUs to training rounds %s: %s (%s)".formatted(where, why, TASK));
    }

    /** Whether executors with GPUs come for rounds, and those of other stages need have none. */
    public boolean haveExecutorsOfTheirOwn() {
        return isDynamic;
    }

    /** The work of rounds, to be done by tasks that hold GPUs if that was asked for. */
    public <T> JavaRDD<T> hold(JavaRDD<T> work) {
        return profile.map(work::withResources).orElse(work);
    }

    /** The work of another stage, whose tasks hold GPUs like those of rounds if they compute on them. */
    public <T> JavaRDD<T> hold(JavaRDD<T> work, BackendChoice choice) {
        return choice.computesOnGpu() ? hold(work) : work;
    }
}
