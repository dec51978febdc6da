package io.sparkpeft.spark;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockUpdated;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.storage.BlockUpdatedInfo;
import org.apache.spark.storage.BroadcastBlockId;

/**
 * Bytes that move between driver and executors, as Spark itself measured them: upwards the serialised task results
 * (task metric {@code resultSize}) and what tasks wrote for a shuffle, downwards the stored pieces of a broadcast.
 */
public final class Traffic extends SparkListener {
    private static final long DRAIN_MILLISECONDS = 10_000;

    private final SparkContext context;
    private final LongAdder tasks = new LongAdder();
    private final LongAdder results = new LongAdder();
    private final LongAdder shuffled = new LongAdder();
    private final Map<BroadcastBlockId, Long> pieces = new ConcurrentHashMap<>();

    Traffic(SparkContext context) {
        this.context = context;
    }

    /**
     * Totals so far.
     *
     * @param tasks finished tasks
     * @param resultBytes their serialised results
     * @param shuffleBytes what they wrote for a shuffle
     */
    public record Totals(long tasks, long resultBytes, long shuffleBytes) {
        public Totals minus(Totals earlier) {
            return new Totals(
                    tasks - earlier.tasks, resultBytes - earlier.resultBytes, shuffleBytes - earlier.shuffleBytes);
        }
    }

    /** Totals of all tasks that have ended, after waiting for Spark's events to arrive. */
    public Totals totals() {
        drain();
        return new Totals(tasks.sum(), results.sum(), shuffled.sum());
    }

    /** Bytes of one broadcast as the driver stores them: what each executor fetches once. */
    public long broadcastBytes(long broadcastId) {
        drain();
        long sum = 0;
        for (Map.Entry<BroadcastBlockId, Long> piece : pieces.entrySet()) {
            sum += piece.getKey().broadcastId() == broadcastId ? piece.getValue() : 0;
        }
        pieces.keySet().removeIf(piece -> piece.broadcastId() <= broadcastId);
        return sum;
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        if (end.taskMetrics() != null) {
            tasks.increment();
            results.add(end.taskMetrics().resultSize());
            shuffled.add(end.taskMetrics().shuffleWriteMetrics().bytesWritten());
        }
    }

    @Override
    public void onBlockUpdated(SparkListenerBlockUpdated update) {
        BlockUpdatedInfo info = update.blockUpdatedInfo();
        if (info.blockId() instanceof BroadcastBlockId piece
                && info.blockManagerId().isDriver()
                && info.memSize() + info.diskSize() > 0) {
            pieces.put(piece, info.memSize() + info.diskSize());
        }
    }

    private void drain() {
        try {
            context.listenerBus().waitUntilEmpty(DRAIN_MILLISECONDS);
        } catch (TimeoutException e) {
            // The figures of this moment are then a little low: they are for display, nothing is decided by them.
            return;
        }
    }
}
