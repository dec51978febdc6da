package io.sparkpeft.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs several tasks at once, one thread each. */
final class Parallel {
    private Parallel() {}

    /** What one thread does; it may wait for the others by running {@code meeting}, all of them as often. */
    interface Work<T, R> {
        R run(T task, Runnable meeting);
    }

    /** The results in the order of the tasks; a single task runs in the calling thread. */
    static <T, R> List<R> run(List<T> tasks, Work<T, R> work) {
        if (tasks.size() == 1) {
            return List.of(work.run(tasks.get(0), () -> {}));
        }
        CyclicBarrier barrier = new CyclicBarrier(tasks.size());
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<Future<R>> running = new ArrayList<>();
            for (T task : tasks) {
                running.add(threads.submit(() -> work.run(task, () -> await(barrier))));
            }
            List<R> results = new ArrayList<>();
            for (Future<R> result : running) {
                results.add(result.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Cannot go on: interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot go on: a task failed", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Cannot go on: interrupted", e);
        } catch (BrokenBarrierException e) {
            throw new IllegalStateException("Cannot go on: another task failed", e);
        }
    }
}
