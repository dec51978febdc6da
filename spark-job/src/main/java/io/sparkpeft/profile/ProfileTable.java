package io.sparkpeft.profile;

import io.sparkpeft.compute.profile.Kernel;
import io.sparkpeft.compute.profile.KernelProfile;
import io.sparkpeft.console.TextTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The times of a run as a table: for each stage its kernels, the slowest first, and what was not in kernels. */
public final class ProfileTable {
    private final RunTimes times;
    private final TextTable table = new TextTable("stage", "work", "calls", "seconds", "share", "GFLOP/s", "GB/s");

    public ProfileTable(RunTimes times) {
        this.times = times;
    }

    /** The table, and what is told of it in sentences. */
    public List<String> lines() {
        for (Stage stage : Stage.values()) {
            if (times.passed().containsKey(stage)) {
                add(stage);
            }
        }
        List<String> lines = new ArrayList<>(table.text().lines().toList());
        KernelProfile train = times.of(Stage.TRAIN).kernels();
        if (train.total().nanoseconds() > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "matrix products take %.1f %% of the time in kernels and steps of training",
                    100 * (train.share(Kernel.GEMM) + train.share(Kernel.ATTENTION_PRODUCTS))));
        }
        lines.add("work is summed over tasks, which may run side by side; share is of the stage's tasks");
        return lines;
    }

    private void add(Stage stage) {
        TaskWork done = times.of(stage);
        done.kernels().work().entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<Kernel, KernelProfile.Work> e) ->
                        -e.getValue().nanoseconds()))
                .forEach(e -> add(stage, e.getKey(), e.getValue(), done.seconds()));
        if (done.tasks() > 0) {
            double outside = done.secondsOutsideKernels();
            row(stage, "not in kernels", "", outside, share(outside, done.seconds()), "", "");
            row(stage, "all tasks", Long.toString(done.tasks()), done.seconds(), share(1, 1), "", "");
        }
        row(stage, "time passed", "", times.passed().get(stage), "", "", "");
    }

    private void add(Stage stage, Kernel kernel, KernelProfile.Work work, double all) {
        row(
                stage,
                kernel.key(),
                Long.toString(work.calls()),
                work.seconds(),
                share(work.seconds(), all),
                rate(work.gigaflops()),
                rate(work.gigabytes()));
    }

    private void row(Stage stage, String work, String calls, double seconds, String share, String flops, String bytes) {
        table.row(stage.key(), work, calls, String.format(Locale.ROOT, "%.3f", seconds), share, flops, bytes);
    }

    private static String share(double part, double whole) {
        return whole == 0 ? "" : String.format(Locale.ROOT, "%.1f %%", 100 * part / whole);
    }

    private static String rate(double billions) {
        return billions == 0 ? "" : String.format(Locale.ROOT, "%.1f", billions);
    }
}
