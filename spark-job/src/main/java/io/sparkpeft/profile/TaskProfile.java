package io.sparkpeft.profile;

import io.sparkpeft.compute.profile.KernelProfile;
import java.util.concurrent.Callable;

/** The profile of the task that runs in this thread, if its run asked for one. */
public final class TaskProfile {
    private static final ThreadLocal<TaskProfile> CURRENT = new ThreadLocal<>();

    private KernelProfile kernels = KernelProfile.NONE;

    private TaskProfile() {}

    /** Whether kernels are to be counted in this thread. */
    public static boolean isOn() {
        return CURRENT.get() != null;
    }

    /** Adds kernels that ran in this thread's task; nothing happens outside of one. */
    public static void add(KernelProfile more) {
        TaskProfile task = CURRENT.get();
        if (task != null) {
            task.kernels = task.kernels.plus(more);
        }
    }

    /** Does a task's work and adds what it took to the sum. */
    static <T> T measure(Stage stage, TaskWorkSum sum, Callable<T> work) throws Exception {
        TaskProfile task = new TaskProfile();
        CURRENT.set(task);
        long began = System.nanoTime();
        try {
            return work.call();
        } finally {
            CURRENT.remove();
            sum.add(new TaskWorkSum.Part(stage, new TaskWork(1, System.nanoTime() - began, task.kernels)));
        }
    }
}
