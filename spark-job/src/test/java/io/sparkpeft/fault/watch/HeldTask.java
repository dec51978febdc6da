package io.sparkpeft.fault.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A task that stands still in the middle of a step.
 *
 * @param process number of the process that it runs in
 * @param executor that it runs on
 */
public record HeldTask(long process, String executor) {
    /** Waits until so many tasks say in a directory that they are held. */
    public static List<HeldTask> await(Path directory, int count) throws IOException, InterruptedException {
        Awaiting.until(
                "tasks to be held", () -> Awaiting.files(directory, "held-").size() >= count);
        List<HeldTask> tasks = new ArrayList<>();
        for (Path file : Awaiting.files(directory, "held-")) {
            String[] words = Files.readString(file).split(" ");
            tasks.add(new HeldTask(Long.parseLong(words[0]), words[1]));
        }
        return tasks;
    }
}
