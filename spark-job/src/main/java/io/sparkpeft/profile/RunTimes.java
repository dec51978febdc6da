package io.sparkpeft.profile;

import io.sparkpeft.compute.profile.Kernel;
import io.sparkpeft.compute.profile.KernelProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run's time went to.
 *
 * @param passed seconds of each stage on the driver's clock; they add up to the run's
 * @param work of the tasks of each stage; tasks run side by side, so their seconds may be more
 */
public record RunTimes(Map<Stage, Double> passed, Map<Stage, TaskWork> work) {
    public double seconds() {
        return passed.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** The work of a stage's tasks, nothing where it had none. */
    public TaskWork of(Stage stage) {
        return work.getOrDefault(stage, TaskWork.NONE);
    }

    /** The content of {@code profile.json}. */
    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("seconds", seconds());
        List<Map<String, Object>> stages = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            if (passed.containsKey(stage) || work.containsKey(stage)) {
                stages.add(values(stage));
            }
        }
        values.put("stages", stages);
        return values;
    }

    private Map<String, Object> values(Stage stage) {
        TaskWork done = of(stage);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("stage", stage.key());
        values.put("seconds", passed.getOrDefault(stage, 0.0));
        values.put("tasks", done.tasks());
        values.put("task-seconds", done.seconds());
        values.put("task-seconds-outside-kernels", done.secondsOutsideKernels());
        List<Map<String, Object>> kernels = new ArrayList<>();
        done.kernels().work().forEach((kernel, work) -> kernels.add(values(kernel, work)));
        values.put("kernels", kernels);
        return values;
    }

    private static Map<String, Object> values(Kernel kernel, KernelProfile.Work work) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("kernel", kernel.key());
        values.put("calls", work.calls());
        values.put("seconds", work.seconds());
        values.put("operations", work.operations());
        values.put("bytes", work.bytes());
        return values;
    }
}
