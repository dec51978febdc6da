package io.sparkpeft.model.checkpoint;

import java.util.List;

/**
 * What was noteworthy about loading a checkpoint.
 *
 * @param initialised tensors that the checkpoint does not have and that were drawn at random: a new task head
 * @param ignored tensors of the checkpoint that the task has no use for, such as heads of other tasks
 */
public record LoadReport(List<String> initialised, List<String> ignored) {
    public LoadReport {
        initialised = List.copyOf(initialised);
        ignored = List.copyOf(ignored);
    }
}
